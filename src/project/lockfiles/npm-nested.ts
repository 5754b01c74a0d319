// package-lock version 1, and the section that version 2 keeps for npm 6: packages nest as folders do, and `version`
// holds the source of whatever does not come from the registry.

import type { LockedPackage } from '../../types.ts'
import { isObject, own } from '../json.ts'
import { type Entry, invalid, kindOf, maximumDepth, type Reader } from './npm-entry.ts'

/**
 * @param declared names that the manifest asks for: the format does not say which packages are direct.
 * @throws AuditError LOCKFILE_INVALID
 */
export function byNesting(dependencies: unknown, declared: ReadonlySet<string>, reader: Reader): LockedPackage[] {
  const locked: LockedPackage[] = []
  const pending = [{ dependencies, folder: '', depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (!isObject(next.dependencies)) throw invalid(reader.path, 'has a "dependencies" that is no object')
    if (next.depth > maximumDepth) throw invalid(reader.path, `nests packages deeper than ${maximumDepth} levels`)
    for (const [name, value] of Object.entries(next.dependencies)) {
      const key = `${next.folder === '' ? '' : `${next.folder}/`}node_modules/${name}`
      const entry = reader.entry(key, value)
      locked.push(nestedPackage(key, name, entry, next.depth === 0 && declared.has(name), reader))
      const inner = own(entry, 'dependencies')
      if (inner !== undefined) pending.push({ dependencies: inner, folder: key, depth: next.depth + 1 })
    }
  }
  return locked
}

function nestedPackage(key: string, name: string, entry: Entry, direct: boolean, reader: Reader): LockedPackage {
  const written = reader.text(key, entry, 'version')
  // The version holds the source of whatever does not come from the registry: `npm:real@1.0.0`, `git+ssh://…`.
  const alias = /^npm:(@?[^@]+)@(.+)$/.exec(written ?? '')
  const source = written !== undefined && !alias && /[:/]/.test(written) ? written : undefined
  const resolved = reader.text(key, entry, 'resolved') ?? source
  return {
    name: alias?.[1] ?? name,
    version: alias?.[2] ?? (source === undefined ? written : undefined),
    key,
    alias: alias ? name : undefined,
    resolved,
    integrity: reader.text(key, entry, 'integrity'),
    kind: kindOf(source ?? resolved, source !== undefined && /^https?:/i.test(source)),
    direct,
    dev: own(entry, 'dev') === true,
    optional: own(entry, 'optional') === true,
    peer: false,
    // At the top nobody could have brought it along: as above, the flag alone excuses nothing.
    bundled: own(entry, 'bundled') === true && resolved === undefined && key.includes('/node_modules/'),
    // Version 1 does not record install scripts.
    installScript: false,
    line: reader.line(key),
  }
}
