// "Did you mean", from what lies on this machine: the popular names and those the project already uses.
// No name is made up and none is asked for.

import { findLookalikes } from '../names/lookalikes.ts'
import { nearest } from '../names/nearest.ts'

/**
 * The package that a name which does not exist most likely stands for.
 * @param existing names the project uses and the registry knows.
 */
export async function suggest(name: string, existing: Iterable<string>): Promise<string | undefined> {
  const lookalikes = await findLookalikes(name)
  // A scope's family names any of its members: enough to warn, not enough to point at one.
  const popular = lookalikes.find(({ kind }) => kind !== 'scope-family')
  return popular?.target ?? nearest(name, existing)
}
