// Installs that change the lockfile (`npm install`, `npm install x`, `npm update`): the manager resolves in a temporary
// copy, the outcome is vetted, and what was vetted is what is installed.

import { relative } from 'node:path'
import { readLockfile } from '../project/read.ts'
import type { Lockfile } from '../types.ts'
import type { Plan } from './adapters/adapter.ts'
import { copyProject, inputsOf, outputsOf } from './copy.ts'
import { projectRoot } from './folders.ts'
import { namesOrigins } from './origins.ts'
import { bytesOf, type Change, changesIn, put, takeBack } from './place.ts'
import { isFresh, remember, stateOf } from './remember.ts'
import { capture, inherit } from './run.ts'
import { tell } from './say.ts'
import { configOf, decideOn, vetFolder } from './vet.ts'
import { originsOf, readPresent, vetted } from './vetted.ts'
import { announce, type Call, lockfileIn, moved, nameOf, newsSince, type Present, withReasons } from './wrap.ts'

type Changing = Call & { readonly plan: Extract<Plan, { kind: 'resolve' }> }

export async function installChanged(call: Changing, cwd: string, here: string): Promise<number> {
  const { adapter, argv, environment } = call
  const root = projectRoot(here, adapter.program)
  const now = new Date()
  const files = await inputsOf(root)
  const present = await readPresent(root, adapter, environment)
  const state = await stateOf(root, files, adapter.program, environment, now)
  const known = present.memory
  if (known?.settled && isFresh(known, now, state) && isPlainInstall(call) && !namesOrigins(call.line))
    return inherit(call.program, argv, { cwd, env: environment })
  const outcome = await resolveAndVet(call, root, here, files, present)
  if (typeof outcome === 'number') return outcome
  return install(call, root, cwd, outcome)
}

/** What is asked for is what the lockfile says, as the manager itself found it. */
const isPlainInstall = ({ line, plan }: Changing): boolean =>
  plan.specs.length === 0 &&
  (plan.install[0] === line.command || line.command === undefined || ['i', 'install'].includes(line.command))

interface Outcome {
  readonly changes: readonly Change[]
  readonly lockfiles: readonly Lockfile[]
}

/** @returns the vetted changes, or the exit code that says why not */
async function resolveAndVet(
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
    let locked: readonly Lockfile[] = []
    const { decision, packages, news } = await vetted(
      copy.root,
      call,
      (lockfiles) => {
        locked = lockfiles
        return newsSince(present, lockfiles)
      },
      origins,
    )
    if (!announce(decision, nameOf(call))) return decision.exitCode
    tell(`audit-deps: ${packages} packages vetted${news.count === undefined ? '' : `, ${news.count} of them new`}`)
    const paths = [...new Set([...files, ...(await outputsOf(copy.root))])]
    return { changes: await changesIn(copy.root, root, paths), lockfiles: locked }
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

async function install(call: Changing, root: string, cwd: string, { changes, lockfiles }: Outcome): Promise<number> {
  const { adapter, plan, environment } = call
  await put(root, changes)
  let code = 1
  try {
    code = await inherit(adapter.program, plan.install, { cwd, env: environment })
  } finally {
    // What could not be installed is not asked for either, as with the manager itself.
    if (code !== 0 || plan.unsaved) await takeBack(root, changes)
  }
  if (code !== 0 || plan.unsaved) return code
  return settle(call, root, lockfiles)
}

/** The manager has written its lockfile: what is in it must be what was vetted. */
async function settle(call: Changing, root: string, vettedLocks: readonly Lockfile[]): Promise<number> {
  const { adapter, environment } = call
  const known = new Set(
    vettedLocks.flatMap(({ packages }) => packages.map(({ name, version }) => `${name}@${version}`)),
  )
  for (const file of lockfileIn(root, adapter)) {
    const bytes = await bytesOf(file)
    if (bytes === undefined) continue
    const { packages } = await readLockfile(file)
    const strangers = packages.filter(
      ({ name, version, kind, bundled }) => kind === 'registry' && !bundled && !known.has(`${name}@${version}`),
    )
    if (strangers.length > 0) {
      const names = strangers.slice(0, 5).map(({ name, version }) => `${name}@${version}`)
      tell(
        `audit-deps: ${relative(root, file)} now holds what was not vetted: ${names.join(', ')}`,
        '  ✗ the manager installed something else than its own lockfile said → treat it as unvetted: audit-deps deps',
      )
      return 1
    }
    if (!call.allowUnverified) {
      const now = new Date()
      const state = await stateOf(root, await inputsOf(root), adapter.program, environment, now)
      await remember(bytes, environment, { at: now.getTime(), state, settled: true })
    }
    return 0
  }
  return 0
}
