// Resolves in a temporary copy of the project, by the manager itself, and vets the tree that comes of it.

import { loadScanners } from '../audit.ts'
import type { GuardAction, Lockfile } from '../types.ts'
import { type Changing, wordsIn } from './change.ts'
import { copyProject } from './copy.ts'
import { outputsOf } from './inputs.ts'
import type { Pending } from './pending.ts'
import { type Change, changesIn } from './place.ts'
import type { Present } from './present.ts'
import { type Captured, capture } from './run.ts'
import { tell } from './say.ts'
import { configOf, decideOn, vetFolder } from './vet.ts'
import { newsSince, originsOf, vetted } from './vetted.ts'
import { announce, nameOf, withReasons } from './wrap.ts'

export interface Outcome {
  readonly changes: readonly Change[]
  readonly lockfiles: readonly Lockfile[]
  /** The install, begun ahead. */
  readonly installing: Pending<number>
}

export interface Workplace {
  readonly root: string
  readonly here: string
  /** An empty temporary folder for a copy of the root. */
  readonly copy: string
  /** `here`, in it. */
  readonly folder: string
  /** From inputsOf(). */
  readonly files: readonly string[]
  readonly present: Present
  /** The command that resolves, git switched off. */
  readonly resolving: Pending<Captured>
}

/** @returns the vetted changes, or the exit code that says why not */
export async function resolveAndVet(
  call: Changing,
  place: Workplace,
  install: () => Pending<number>,
): Promise<Outcome | number> {
  const { plan, options } = call
  const { root, copy, folder, files, present } = place
  await copyProject(root, copy, files, plan.specs)
  const origins = await originsOf(call, copy, folder)
  if (origins.verdict === 'block' && !announce(origins, nameOf(call))) return origins.exitCode
  const before = await vetPresent(call, copy, present)
  if (before !== undefined) return before
  const resolving = resolve(call, place, configOf(copy, options).guard.exoticSource)
  const installing = install()
  // While the manager is at work.
  const loading = Promise.all([loadScanners(['phantom']), import('../registry/client.ts')])
  let goesOn = false
  try {
    const [resolved] = await Promise.all([resolving, loading])
    if (resolved.code !== 0) return await failed(call, resolved, (text) => text.replaceAll(copy, root))
    const { decision, packages, fresh, lockfiles } = await vetted(copy, call, present, origins)
    if (!announce(decision, nameOf(call))) return decision.exitCode
    tell(`audit-deps: ${packages} packages vetted${fresh === undefined ? '' : `, ${fresh} of them new`}`)
    const paths = [...new Set([...files, ...(await outputsOf(copy))])]
    const changes = await changesIn(copy, root, paths)
    goesOn = true
    return { changes, lockfiles, installing }
  } finally {
    if (!goesOn) installing.stop()
  }
}

/** Git is switched on where policy lets what it would fetch be installed. */
function resolve(call: Changing, { folder, resolving }: Workplace, exoticSource: GuardAction): Promise<Captured> {
  const { adapter, plan, environment } = call
  if (exoticSource === 'block') return resolving.go()
  resolving.stop()
  return capture(adapter.program, wordsIn(folder, plan.resolve, call), {
    cwd: folder,
    env: { ...environment, ...adapter.environment },
  })
}

/**
 * What the present files say must be fit to be resolved at all: a lockfile that points elsewhere, or a manifest that
 * asks for git, is read by the manager too. Files only, for what it pins is asked about in a moment.
 */
async function vetPresent(call: Changing, copy: string, present: Present): Promise<number | undefined> {
  const options = { ...call.options, offline: true }
  const vetted = await vetFolder(copy, options, ['lockfile'])
  const origin = new Set(['tampered', 'exoticSource', 'foreignRegistry'])
  const { isNew, before } = await newsSince(present, vetted.project.lockfiles)
  const decision = decideOn(copy, options, vetted, { needed: [], isNew, before })
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
