// package-lock version 2 holds everything twice: `packages` for npm 7 and later, `dependencies` for npm 6. Written by
// npm both say the same; where they differ, somebody else wrote one of them.

import { posix } from 'node:path'
import type { Contradiction, LockedPackage } from '../../types.ts'
import { own } from '../json.ts'
import type { Entry } from './npm-entry.ts'

const fields = ['name', 'version', 'resolved', 'integrity'] as const

/** @param listed from `packages`. @param nested from `dependencies`. @param entries of `packages`, links among them. */
export function differencesOf(
  listed: readonly LockedPackage[],
  nested: readonly LockedPackage[],
  entries: ReadonlyMap<string, Entry>,
): Contradiction[] {
  const byKey = new Map(listed.map((entry) => [entry.key, entry]))
  return nested.flatMap((other): Contradiction[] => {
    const key = behindLinks(other.key, entries)
    const entry = byKey.get(key)
    const { name, line } = other
    // A link says where it leads, and nothing else.
    if (entry?.kind === 'workspace' || entry?.kind === 'local' || other.kind === 'local') return []
    // npm leaves optional packages of other platforms out of one section or the other.
    if (!entry)
      return other.optional || other.bundled
        ? []
        : [{ kind: 'sections', key, name, version: other.version, field: 'entry', says: undefined, other: name, line }]
    return fields.flatMap((field): Contradiction[] => {
      const [says, told] = [entry[field], other[field]]
      // What does not come from the registry is written in two ways, and either section may be silent.
      const isSame = says === undefined || told === undefined || says === told || isSource(field, entry)
      if (isSame) return []
      return [{ kind: 'sections', key, name: entry.name, version: entry.version, field, says, other: told, line }]
    })
  })
}

const isSource = (field: (typeof fields)[number], { kind }: LockedPackage): boolean =>
  kind !== 'registry' && field !== 'integrity'

/** `node_modules/one/node_modules/left`, where `node_modules/one` is a link, is `packages/one/node_modules/left`. */
function behindLinks(key: string, entries: ReadonlyMap<string, Entry>): string {
  let at = ''
  for (const name of key.split(/(?:^|\/)node_modules\//).slice(1)) {
    at = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`
    const entry = entries.get(at)
    const target = entry && own(entry, 'link') === true ? own(entry, 'resolved') : undefined
    if (typeof target === 'string') at = posix.normalize(target)
  }
  return at
}
