// What frozen and changing installs share: what is pinned now, and the decision on a copy of the project.

import { readLockfile } from '../project/read.ts'
import type { Lockfile } from '../types.ts'
import type { Adapter } from './adapters/adapter.ts'
import { optionValue } from './commandline.ts'
import { type Decision, neededSources } from './decide.ts'
import { foreignOrigins, registryVariable } from './origins.ts'
import { bytesOf } from './place.ts'
import { recall } from './remember.ts'
import { configOf, decideOn, vetFolder } from './vet.ts'
import { type Call, lockfileIn, type newsSince, type Present, withReasons } from './wrap.ts'

/** The project's lockfile of this manager. One that cannot be read pins nothing: the audit will say why. */
export async function readPresent(root: string, adapter: Adapter, environment: NodeJS.ProcessEnv): Promise<Present> {
  for (const file of lockfileIn(root, adapter)) {
    const bytes = await bytesOf(file)
    if (bytes === undefined) continue
    const lockfile = await readLockfile(file).catch(() => undefined)
    return { bytes, lockfile, memory: await recall(bytes, environment) }
  }
  return { bytes: undefined, lockfile: undefined, memory: undefined }
}

export interface VettedCopy {
  readonly decision: Decision
  /** Of the lockfiles. */
  readonly packages: number
  readonly news: ReturnType<typeof newsSince>
}

/** Against the registries that are named, before anybody is asked: see origins.ts. */
export async function originsOf(call: Call, copy: string, folder = copy): Promise<Decision> {
  const { adapter, line, environment, options } = call
  const config = configOf(copy, options)
  const reasons = await foreignOrigins({ adapter, line, folder, root: copy, config, environment })
  return withReasons({ verdict: 'allow', exitCode: 0, reasons: [] }, reasons)
}

/**
 * @param origins from originsOf(): what is let through there is asked, too
 * @throws AuditError as audit()
 */
export async function vetted(
  copy: string,
  call: Call,
  newsOf: (lockfiles: readonly Lockfile[]) => ReturnType<typeof newsSince>,
  origins: Decision,
): Promise<VettedCopy> {
  const { adapter, environment } = call
  const registry = optionValue(call.line, '--registry', '--reg') ?? registryVariable(adapter, environment)
  const options = registry === undefined ? call.options : { ...call.options, registry }
  const vetted = await vetFolder(copy, options)
  const { lockfiles } = vetted.project
  const news = newsOf(lockfiles)
  const decision = decideOn(copy, options, vetted, {
    needed: neededSources,
    allowUnverified: call.allowUnverified,
    isNew: news.isNew,
    before: news.before,
  })
  return {
    decision: withReasons(decision, origins.reasons),
    packages: lockfiles.reduce((sum, { packages }) => sum + packages.length, 0),
    news,
  }
}
