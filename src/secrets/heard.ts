// People's allow comments, weighed over all places of one value: what stands today decides. A comment beside a secret
// in HEAD or the work tree speaks for older versions of it too; one that only an old version had does not speak for
// what stands in HEAD without it.

import type { Sighting } from './sightings.ts'

/** The sightings to report; empty if all that matters is allowed. */
export function unallowed(group: readonly Sighting[]): readonly Sighting[] {
  const open = group.filter(({ allowed }) => !allowed)
  if (open.length === group.length) return group
  const today = current(group)
  // In history only: comments and their absence speak for themselves.
  if (today.length === 0) return open
  return today.some(({ allowed }) => !allowed) ? open : []
}

/** What stands in the work tree or in HEAD; where a file has changed since HEAD, its new version counts. */
function current(group: readonly Sighting[]): readonly Sighting[] {
  const changed = new Set(group.filter(({ state }) => state === 'worktree').map(({ evidence }) => evidence.path))
  return group.filter(
    ({ state, evidence }) =>
      state === undefined || state === 'worktree' || (state === 'head' && !changed.has(evidence.path)),
  )
}
