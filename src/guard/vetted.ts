// What frozen and changing installs share: the decision on a copy of the project, and what in it is news.

import { basename } from 'node:path'
import { parseLockfile } from '../project/lockfile.ts'
import type { LockedPackage, Lockfile } from '../types.ts'
import { optionValue } from './commandline.ts'
import { type Decision, neededSources } from './decide.ts'
import { foreignOrigins, registryVariable } from './origins.ts'
import type { Present } from './present.ts'
import { configOf, decideOn, vetFolder } from './vet.ts'
import { type Call, withReasons } from './wrap.ts'

/** Against the registries that are named, before anybody is asked: see origins.ts. */
export async function originsOf(call: Call, copy: string, folder = copy): Promise<Decision> {
  const { adapter, line, environment, options } = call
  const config = configOf(copy, options)
  const reasons = await foreignOrigins({ adapter, line, folder, root: copy, config, environment })
  return withReasons({ verdict: 'allow', exitCode: 0, reasons: [] }, reasons)
}

export interface VettedCopy {
  readonly decision: Decision
  readonly lockfiles: readonly Lockfile[]
  /** Of the lockfiles. */
  readonly packages: number
  /** Packages that no lockfile had which was let through before; undefined where there was none. */
  readonly fresh: number | undefined
}

/**
 * @param origins from originsOf(): what is let through there is asked, too
 * @throws AuditError as audit()
 */
export async function vetted(copy: string, call: Call, present: Present, origins: Decision): Promise<VettedCopy> {
  const { adapter, environment } = call
  const registry = optionValue(call.line, '--registry', '--reg') ?? registryVariable(adapter, environment)
  const options = registry === undefined ? call.options : { ...call.options, registry }
  const vetted = await vetFolder(copy, options)
  const { lockfiles } = vetted.project
  const { fresh, ...news } = await newsSince(present, lockfiles)
  const decision = decideOn(copy, options, vetted, {
    needed: neededSources,
    allowUnverified: call.allowUnverified,
    ...news,
  })
  const packages = lockfiles.reduce((sum, { packages }) => sum + packages.length, 0)
  return { decision: withReasons(decision, origins.reasons), lockfiles, packages, fresh }
}

/** For the decision: what is news, and which versions there were. */
export async function newsSince({ file, bytes, memory }: Present, lockfiles: readonly Lockfile[]) {
  const read = bytes && (await parseLockfile(bytes.toString(), basename(file ?? ''), []))
  const pinned = new Map<string, Set<string | undefined>>()
  const versions = new Map<string, string[]>()
  // One that cannot be read pins nothing: the audit says why.
  for (const { name, version, integrity } of read && 'packages' in read ? read.packages : []) {
    const key = `${name}@${version}`
    pinned.set(key, (pinned.get(key) ?? new Set()).add(integrity))
    if (version !== undefined) versions.set(name, [...new Set([...(versions.get(name) ?? []), version])])
  }
  const isNewEntry = ({ name, version, integrity }: LockedPackage): boolean =>
    pinned.get(`${name}@${version}`)?.has(integrity) !== true
  const fresh = new Set(
    lockfiles.flatMap(({ packages }) => packages.filter(isNewEntry).map(({ name, version }) => `${name}@${version}`)),
  )
  return {
    before: (name: string): readonly string[] => versions.get(name) ?? [],
    isNew: (name: string, version: string | undefined): boolean =>
      memory === undefined || version === undefined || fresh.has(`${name}@${version}`),
    fresh: memory === undefined ? undefined : fresh.size,
  }
}
