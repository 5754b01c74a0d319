// Installs without a project: tools that are fetched to be run (`npx`, `dlx`), and installs for the whole machine. The
// manager resolves into an empty temporary project, the tree is vetted. A tool is then installed there, from the
// vetted lockfile, and run in the user's folder. For npx too it is npm that resolves, not an Arborist of ours: it is
// Arborist all the same, in the very release that will install, with the user's settings as npm reads them.

import { readFile, writeFile } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { AuditError } from '../errors.ts'
import { parseSpec } from '../names/spec.ts'
import { isObject } from '../project/json.ts'
import type { Lockfile } from '../types.ts'
import type { Plan } from './adapters/adapter.ts'
import { copySettings } from './copy.ts'
import { manifestIn, projectRoot, surroundings } from './folders.ts'
import { vetNames } from './names.ts'
import { nothingPresent } from './present.ts'
import { capture, inherit } from './run.ts'
import { tell } from './say.ts'
import { type Copy, emptyProject } from './temporary.ts'
import { originsOf, vetted } from './vetted.ts'
import { announce, type Call, nameOf } from './wrap.ts'

type Executing = Call & { readonly plan: Extract<Plan, { kind: 'exec' }> }
type Globally = Call & { readonly plan: Extract<Plan, { kind: 'global' }> }

/** Runs the project's own tool where it has one; else one that was vetted. @returns as wrap(); @throws as wrap() */
export async function execute(call: Executing, cwd: string): Promise<number> {
  const { adapter, plan, environment } = call
  const { local, specs, shell, args } = plan
  if (local && surroundings(cwd, environment).hasBin(local.bin))
    return inherit(adapter.program, [...local.before, local.bin, ...args], { cwd, env: environment })
  if (specs.length === 0) return runIn(undefined, plan, cwd, environment)
  return withVetted(call, cwd, specs, async (copy) => {
    const env = { ...environment, ...adapter.environment, ...adapter.fetchEnvironment }
    const installed = await capture(adapter.program, adapter.fetch.install, {
      cwd: copy.root,
      env: withScripts(env, environment),
    })
    if (installed.code !== 0) {
      process.stderr.write(`${installed.stdout}${installed.stderr}`)
      tell(`audit-deps: ${nameOf(call)}: it could not be installed`)
      return installed.code
    }
    return runIn(
      copy.root,
      shell === undefined ? { ...plan, bin: plan.bin ?? (await onlyBin(copy.root)) } : plan,
      cwd,
      environment,
    )
  })
}

/** The tool's own dependencies may run their scripts, as the manager lets them: they are vetted. */
const withScripts = (
  env: NodeJS.ProcessEnv,
  { npm_config_ignore_scripts: own }: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv => {
  const { npm_config_ignore_scripts: _, pnpm_config_ignore_scripts: __, ...rest } = env
  return own === undefined ? rest : { ...rest, npm_config_ignore_scripts: own }
}

/** Installs what was named in the versions that were vetted. @returns as wrap(); @throws as wrap() */
export async function installGlobally(call: Globally, cwd: string): Promise<number> {
  const { adapter, plan, environment } = call
  return withVetted(call, cwd, plan.specs, async (copy, lockfiles) => {
    const direct = lockfiles.flatMap(({ packages }) => packages.filter((one) => one.direct))
    const exact = plan.specs.map((spec) => {
      const parsed = parseSpec(spec)
      const found = direct.find(({ name, kind }) => kind === 'registry' && name === parsed.name)
      if (parsed.kind !== 'registry') return spec
      if (found?.version === undefined)
        throw new AuditError('USAGE', `${spec} was not resolved`, { hint: 'name a version' })
      return `${found.name}@${found.version}`
    })
    await copy.remove()
    tell(
      'audit-deps: what these packages bring along is resolved once more by the manager: no lockfile binds a global install',
    )
    return inherit(adapter.program, plan.install(exact), { cwd, env: environment })
  })
}

async function withVetted(
  call: Call,
  cwd: string,
  given: readonly string[],
  go: (copy: Copy, lockfiles: readonly Lockfile[]) => Promise<number>,
): Promise<number> {
  const { adapter, environment } = call
  const root = projectRoot(cwd, adapter.program)
  const specs = given.map((spec) => (isLocal(spec) ? resolve(cwd, spec) : spec))
  const copy = await emptyProject('tool')
  try {
    await copySettings(root, copy.root)
    const auditDeps = manifestIn(root)?.auditDeps
    const manifest = {
      name: 'tool',
      version: '1.0.0',
      private: true,
      ...(auditDeps === undefined ? {} : { auditDeps }),
    }
    await writeFile(join(copy.root, 'package.json'), JSON.stringify(manifest))
    for (const [name, text] of Object.entries(adapter.fetch.files ?? {})) await writeFile(join(copy.root, name), text)
    const origins = await originsOf(call, copy.root)
    if (origins.verdict === 'block' && !announce(origins, nameOf(call))) return origins.exitCode
    const env = { ...environment, ...adapter.environment, ...adapter.fetchEnvironment, GIT_ALLOW_PROTOCOL: 'none' }
    const [program, ...args] = [adapter.program, ...adapter.fetch.resolve, ...specs]
    const resolved = await capture(program, args, { cwd: copy.root, env })
    if (resolved.code !== 0) {
      process.stderr.write(`${resolved.stdout}${resolved.stderr}`.replaceAll(copy.root, '.'))
      tell(`audit-deps: ${nameOf(call)}: it could not be resolved; nothing was installed`)
      const decision = await vetNames(specs, call, copy.root)
      announce(decision, nameOf(call))
      return decision.exitCode || resolved.code
    }
    const { decision, packages, lockfiles } = await vetted(copy.root, call, nothingPresent, origins)
    if (!announce(decision, nameOf(call))) return decision.exitCode
    tell(`audit-deps: ${packages} packages vetted`)
    return await go(copy, lockfiles)
  } finally {
    await copy.remove()
  }
}

const isLocal = (spec: string): boolean => /^\.{1,2}(?:\/|$)/.test(spec)

/** What `npx` would run: the only command of the package, or the one of its name. */
async function onlyBin(root: string): Promise<string> {
  const manifest = manifestIn(root)
  const [name] = isObject(manifest?.dependencies) ? Object.keys(manifest.dependencies) : []
  const hint = 'name the command: npx --package NAME COMMAND'
  if (name === undefined) throw new AuditError('USAGE', 'the package that was fetched is not to be found', { hint })
  const value: unknown = JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8'))
  const { bin, name: own } = isObject(value) ? value : {}
  const short = String(own ?? name)
    .split('/')
    .at(-1)!
  const bins = typeof bin === 'string' ? [short] : isObject(bin) ? Object.keys(bin) : []
  const chosen = bins.length === 1 ? bins[0] : bins.find((one) => one === short)
  if (chosen === undefined || /[/\\]/.test(chosen))
    throw new AuditError('USAGE', `${name} brings ${bins.length === 0 ? 'no command' : 'several commands'}`, { hint })
  return chosen
}

/** Without a folder only what the machine and the project have. */
function runIn(
  root: string | undefined,
  { bin, args, shell }: Executing['plan'],
  cwd: string,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const folders = root === undefined ? [join(cwd, 'node_modules', '.bin')] : [join(root, 'node_modules', '.bin')]
  const env = { ...environment, PATH: [...folders, environment.PATH].join(delimiter) }
  if (shell !== undefined) return inherit('/bin/sh', ['-c', shell], { cwd, env })
  if (bin === undefined || isAbsolute(bin)) throw new AuditError('USAGE', 'no command to run', { hint: 'name it' })
  return inherit(join(folders[0]!, bin), args, { cwd, env })
}
