// Resolves in a temporary copy of the project, by the manager itself, and vets the tree that comes of it.

import type { Lockfile } from '../types.ts'
import type { Changing } from './change.ts'
import { copyProject } from './copy.ts'
import { outputsOf } from './inputs.ts'
import { type Change, changesIn } from './place.ts'
import type { Present } from './present.ts'
import { capture } from './run.ts'
import { tell } from './say.ts'
import { configOf, decideOn, vetFolder } from './vet.ts'
import { originsOf, vetted } from './vetted.ts'
import { announce, moved, nameOf, withReasons } from './wrap.ts'

export interface Outcome {
  readonly changes: readonly Change[]
  readonly lockfiles: readonly Lockfile[]
}

/** @returns the vetted changes, or the exit code that says why not */
export async function resolveAndVet(
  call: Changing,
  root: string,
  here: string,
  files: readonly string[],
  present: Present,
): Promise<Outcome | number> {
  const { adapter, plan, environment, options } = call
  const copy = await copyProject(root, files, plan.specs)
  try {
    const folder = moved(here, root, copy.root)
    const origins = await originsOf(call, copy.root, folder)
    if (origins.verdict === 'block' && !announce(origins, nameOf(call))) return origins.exitCode
    const before = await vetPresent(call, copy.root, present)
    if (before !== undefined) return before
    const resolved = await capture(adapter.program, plan.resolve, {
      cwd: folder,
      env: { ...environment, ...adapter.environment, ...noGit(configOf(copy.root, options).guard.exoticSource) },
    })
    if (resolved.code !== 0) return failed(call, resolved, (text) => text.replaceAll(copy.root, root))
    const { decision, packages, fresh, lockfiles } = await vetted(copy.root, call, present, origins)
    if (!announce(decision, nameOf(call))) return decision.exitCode
    tell(`audit-deps: ${packages} packages vetted${fresh === undefined ? '' : `, ${fresh} of them new`}`)
    const paths = [...new Set([...files, ...(await outputsOf(copy.root))])]
    return { changes: await changesIn(copy.root, root, paths), lockfiles }
  } finally {
    await copy.remove()
  }
}

/**
 * What the present files say must be fit to be resolved at all: a lockfile that points elsewhere, or a manifest that
 * asks for git, is read by the manager too. Files only, for what it pins is asked about in a moment.
 */
async function vetPresent(call: Changing, copy: string, { memory }: Present): Promise<number | undefined> {
  if (memory !== undefined) return undefined
  const options = { ...call.options, offline: true }
  const vetted = await vetFolder(copy, options)
  const origin = new Set(['tampered', 'exoticSource', 'foreignRegistry'])
  const decision = decideOn(copy, options, vetted, { needed: [] })
  const reasons = decision.reasons.filter(({ rule, action }) => origin.has(rule) && action === 'block')
  const exotic = await exoticSpecs(call, copy)
  const blocking = withReasons({ verdict: 'allow', exitCode: 0, reasons: [] }, [...reasons, ...exotic])
  return blocking.verdict === 'block' && !announce(blocking, nameOf(call)) ? blocking.exitCode : undefined
}

/** Names of git repositories and URLs that are asked for: resolving them already runs git. */
async function exoticSpecs({ plan, options }: Changing, copy: string) {
  const { parseSpec } = await import('../names/spec.ts')
  const action = configOf(copy, options).guard.exoticSource
  if (action !== 'block') return []
  return plan.specs.flatMap((spec) => {
    const { kind } = parseSpec(spec)
    if (kind !== 'git' && kind !== 'tarball') return []
    const from = kind === 'git' ? 'git' : 'a URL'
    const message = `it comes from ${from}, where nothing vets it`
    const wayOn = 'use a published version; or read its code and set guard.exoticSource in audit-deps.json'
    return [{ action, rule: 'exoticSource', subject: spec, message, wayOn } as const]
  })
}

/** Git fetches nothing while it is resolved, where policy does not want what it would fetch. */
const noGit = (action: string): NodeJS.ProcessEnv => (action === 'block' ? { GIT_ALLOW_PROTOCOL: 'none' } : {})

/** The manager's own words, and ours on the names that were asked for: mostly one of them does not exist. */
async function failed(
  call: Changing,
  { code, stdout, stderr }: { readonly code: number; readonly stdout: string; readonly stderr: string },
  shown: (text: string) => string,
): Promise<number> {
  process.stderr.write(shown(`${stdout}${stderr}`))
  tell(`audit-deps: ${nameOf(call)}: it could not be resolved; nothing was installed`)
  if (call.plan.specs.length === 0) return code
  const { vetNames } = await import('./names.ts')
  const decision = await vetNames(call.plan.specs, call)
  announce(decision, nameOf(call))
  return decision.exitCode || code
}
