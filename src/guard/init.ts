// `audit-deps init`: which files would make the package manager, git, CI and an agent ask audit-deps, as a plan that is
// shown before anything is written, and the plan that takes it all back. A door is written only where it was measured
// to close in time; where none does, the plan says what to use instead.

import { existsSync, rmdirSync } from 'node:fs'
import { chmod, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import semver from 'semver'
import { AuditError } from '../errors.ts'
import { isObject, parseJson } from '../project/json.ts'
import { agentChange, agentFile, agentMembers, ciChange, gitChange } from './init-doors.ts'
import { fileChange, type InitPlan, textOf } from './init-files.ts'
import { hasBlock, withBlock, withMember, withoutBlock, withoutMember, withoutValue } from './init-text.ts'
import { bytesOf, put } from './place.ts'
import { capture } from './run.ts'
import { bunScanner, pnpmfile, preinstall, stubFolder, written } from './stubs/text.ts'

export interface InitTargets {
  readonly git?: boolean
  readonly ci?: 'github' | 'gitlab'
  readonly agent?: boolean
}

/** @throws AuditError USAGE where there is nothing to write into */
export async function planInit(root: string, targets: InitTargets, environment: NodeJS.ProcessEnv): Promise<InitPlan> {
  const plans: InitPlan[] = []
  if (targets.git) plans.push(await gitChange(root, environment))
  if (targets.ci) plans.push(ciChange(root, targets.ci))
  if (targets.agent) plans.push(agentChange(root))
  if (plans.length === 0) plans.push(await managerChange(root, environment))
  return {
    changes: plans.flatMap(({ changes }) => changes).filter(({ before, after }) => before !== after),
    notes: plans.flatMap(({ notes }) => notes),
  }
}

/** Takes back everything of ours, whichever flags wrote it. */
export async function planRemove(root: string, environment: NodeJS.ProcessEnv): Promise<InitPlan> {
  const notes: string[] = []
  const hooks = await hooksOf(root, environment, notes)
  const paths = [
    ...['.npmrc', 'bunfig.toml', '.gitlab-ci.yml', '.github/workflows/audit-deps.yml', '.pnpmfile.cjs'],
    ...['preinstall.cjs', 'bun-scanner.mjs', 'agent-hook.cjs'].map((name) => `${stubFolder}/${name}`),
    ...['package.json', '.claude/settings.json', '.husky/pre-commit', ...hooks],
  ]
  const changes = [...new Set(paths)].flatMap((path) => {
    const before = textOf(join(root, path))
    if (before === undefined) return []
    const after = path.endsWith('.json') ? withoutOurs(before) : withoutText(before)
    return before === after ? [] : [{ path, before, after }]
  })
  return { changes, notes }
}

/** Where git's own pre-commit hook is, if this is a repository: of one that cannot be asked a note says so. */
async function hooksOf(root: string, environment: NodeJS.ProcessEnv, notes: string[]): Promise<readonly string[]> {
  try {
    return (await gitChange(root, environment)).changes.map(({ path }) => path)
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    if (existsSync(join(root, '.git')))
      notes.push(`the hooks of this repository were not looked at: ${error.message}; look for audit-deps in pre-commit`)
    return []
  }
}

const withoutText = (text: string): string | undefined =>
  text.split('\n', 2).some((line) => line.includes(written)) ? undefined : withoutBlock(text)

/** @throws the file system's errors; then what was written is taken back */
export async function apply(root: string, { changes }: InitPlan): Promise<void> {
  const writes = changes.flatMap(({ path, before, after }) =>
    after === undefined
      ? []
      : [{ path, before: before === undefined ? undefined : Buffer.from(before), after: Buffer.from(after) }],
  )
  for (const { path, before } of changes) {
    const now = await bytesOf(join(root, path))
    if (now?.toString('utf8') !== before)
      throw new AuditError('OUTPUT_UNWRITABLE', `${path} has changed meanwhile`, { hint: 'run audit-deps init again' })
  }
  await put(root, writes)
  for (const { path, after, executable } of changes) {
    if (after === undefined) await rm(join(root, path))
    else if (executable) await chmod(join(root, path), 0o755)
  }
  for (const folder of [stubFolder, '.claude', '.github/workflows', '.github'])
    if (changes.some(({ path, after }) => after === undefined && path.startsWith(`${folder}/`)))
      removeEmpty(root, folder)
}

function removeEmpty(root: string, folder: string): void {
  try {
    rmdirSync(join(root, folder))
  } catch {
    // Something else is in it: it stays.
  }
}

// ── Package managers ─────────────────────────────────────────────────────────────────────────────────────────────

type Kind = 'npm >= 12' | 'npm <= 11' | 'pnpm' | 'yarn 1' | 'yarn 4' | 'bun'

async function managerChange(root: string, environment: NodeJS.ProcessEnv): Promise<InitPlan> {
  const manifest = textOf(join(root, 'package.json'))
  if (manifest === undefined)
    throw new AuditError('USAGE', 'there is no package.json here', {
      hint: 'run it in the folder that holds it; or see --git, --ci, --agent',
    })
  const kinds = await kindsIn(root, manifest, environment)
  const plans = kinds.map((kind) => planFor(kind, root, manifest))
  return { changes: plans.flatMap(({ changes }) => changes), notes: plans.flatMap(({ notes }) => notes) }
}

async function kindsIn(root: string, manifest: string, environment: NodeJS.ProcessEnv): Promise<readonly Kind[]> {
  const named = packageManagerOf(manifest)
  const has = (...names: string[]): boolean => names.some((name) => existsSync(join(root, name)))
  const is = (name: string, ...lockfiles: string[]): boolean =>
    named === undefined ? has(...lockfiles) : named.name === name
  const kinds: Kind[] = []
  if (is('pnpm', 'pnpm-lock.yaml', 'pnpm-workspace.yaml')) kinds.push('pnpm')
  if (is('bun', 'bun.lock', 'bun.lockb')) kinds.push('bun')
  if (is('yarn', 'yarn.lock')) kinds.push(isClassic(root, named?.version) ? 'yarn 1' : 'yarn 4')
  if (is('npm', 'package-lock.json', 'npm-shrinkwrap.json') || kinds.length === 0) {
    const major = named?.name === 'npm' && named.version ? semver.coerce(named.version)?.major : undefined
    kinds.push((major ?? (await npmMajor(environment))) >= 12 ? 'npm >= 12' : 'npm <= 11')
  }
  return kinds
}

function packageManagerOf(
  manifest: string,
): { readonly name: string; readonly version: string | undefined } | undefined {
  try {
    const value: unknown = (JSON.parse(manifest) as { packageManager?: unknown }).packageManager
    const found = typeof value === 'string' ? /^(npm|pnpm|yarn|bun)(?:@(.+))?$/.exec(value) : null
    return found ? { name: found[1]!, version: found[2] } : undefined
  } catch {
    throw new AuditError('USAGE', 'package.json is no JSON', { hint: 'mend it first' })
  }
}

const isClassic = (root: string, version: string | undefined): boolean =>
  version === undefined
    ? (textOf(join(root, 'yarn.lock')) ?? '').includes('# yarn lockfile v1') && !existsSync(join(root, '.yarnrc.yml'))
    : semver.coerce(version)?.major === 1

/** Asked outside the project, whose settings have no say. */
async function npmMajor(environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { stdout } = await capture('npm', ['--version'], { cwd: homedir(), env: environment })
    return semver.coerce(stdout)?.major ?? 0
  } catch (error) {
    // There is none: nothing is written that an old one would run too late.
    if (error instanceof AuditError) return 0
    throw error
  }
}

function planFor(kind: Kind, root: string, manifest: string): InitPlan {
  const script = (): InitPlan => withScript(root, manifest)
  switch (kind) {
    case 'npm >= 12':
      return joined(script(), npmSettings(root), [
        'npm 12 runs preinstall first for npm install and npm ci; npm install NAME, npm update, npx and -g do not run it: audit-deps npm install NAME; without a lockfile only direct dependencies are vetted',
      ])
    case 'npm <= 11':
      return joined(npmSettings(root), [
        "no preinstall script: npm 11 and older run it after the dependencies' own scripts; use audit-deps npm ci, audit-deps npm install NAME",
      ])
    case 'yarn 1':
      return joined(script(), [
        'yarn 1 runs preinstall first for install and add, not for upgrade; of add only the name is vetted, not what it brings along: audit-deps yarn add NAME',
      ])
    case 'yarn 4':
      return { changes: [], notes: ['yarn 2 and later run a preinstall script too late; use audit-deps yarn install'] }
    case 'pnpm':
      return pnpmPlan(root)
    case 'bun':
      return bunPlan(root)
  }
}

const joined = (...parts: readonly (InitPlan | readonly string[])[]): InitPlan => ({
  changes: parts.flatMap((part) => ('changes' in part ? part.changes : [])),
  notes: parts.flatMap((part) => ('notes' in part ? part.notes : part)),
})

const call = `node ${stubFolder}/preinstall.cjs`
const scriptMember = `"preinstall": "${call}"`
const scriptsMember = `"scripts": { ${scriptMember} }`

function withScript(root: string, manifest: string): InitPlan {
  const stub = fileChange(root, `${stubFolder}/preinstall.cjs`, () => preinstall)
  const scripts: unknown = (JSON.parse(manifest) as { scripts?: { preinstall?: unknown } }).scripts
  const there = scripts as { preinstall?: unknown } | undefined
  const theirs = there && Object.hasOwn(there, 'preinstall') ? there.preinstall : undefined
  if (theirs === call) return { changes: [stub], notes: [] }
  if (theirs !== undefined)
    return {
      changes: [stub],
      notes: [`package.json has a preinstall script of its own: let it begin with "${call} && "`],
    }
  const after = withMember(manifest, ['scripts'], scriptMember) ?? withMember(manifest, [], scriptsMember)
  if (after === undefined) throw new AuditError('USAGE', 'package.json is no object', { hint: 'mend it first' })
  return { changes: [stub, { path: 'package.json', before: manifest, after }], notes: [] }
}

function npmSettings(root: string): InitPlan {
  const note = 'min-release-age (days) counts with npm 11.19 and later, not for npm ci; npm 10 and older ignore it'
  const before = textOf(join(root, '.npmrc'))
  if (before !== undefined && (hasBlock(before) || /^\s*min-release-age\s*=/m.test(before)))
    return { changes: [], notes: [note] }
  return {
    changes: [fileChange(root, '.npmrc', (text) => withBlock(text, ['min-release-age=1'], 'bottom'))],
    notes: [note],
  }
}

function pnpmPlan(root: string): InitPlan {
  const before = textOf(join(root, '.pnpmfile.cjs'))
  const notes = [
    'pnpm puts a checksum of .pnpmfile.cjs into the lockfile: run pnpm install once and commit both, or --frozen-lockfile fails; pnpm 12 does not run it for dlx: audit-deps pnpm dlx',
  ]
  if (before === undefined || before.includes(written))
    return { changes: [fileChange(root, '.pnpmfile.cjs', () => pnpmfile)], notes }
  return { changes: [], notes: ['.pnpmfile.cjs is there already and stays as it is; use audit-deps pnpm install'] }
}

function bunPlan(root: string): InitPlan {
  const before = textOf(join(root, 'bunfig.toml'))
  const notes = [
    'bun x and bun add -g skip the bunfig.toml of the project: audit-deps bun x, or the same lines in ~/.bunfig.toml',
  ]
  const stub = fileChange(root, `${stubFolder}/bun-scanner.mjs`, () => bunScanner)
  if (before !== undefined && hasBlock(before)) return { changes: [stub], notes }
  if (
    before !== undefined &&
    /^\s*\[\s*install\s*\.\s*security\s*\]|^\s*security\s*=|^\s*install\.security/m.test(before)
  )
    return {
      changes: [],
      notes: ['bunfig.toml has [install.security] already and stays as it is; use audit-deps bun install'],
    }
  const lines = ['[install.security]', `scanner = "./${stubFolder}/bun-scanner.mjs"`]
  return { changes: [stub, fileChange(root, 'bunfig.toml', (text) => withBlock(text, lines, 'bottom'))], notes }
}

// ── Taking back ──────────────────────────────────────────────────────────────────────────────────────────────────

function withoutOurs(text: string): string | undefined {
  const exact = agentMembers().concat(scriptsMember, scriptMember)
  if (text === agentFile()) return undefined
  for (const member of exact) {
    const rest = withoutMember(text, member)
    if (rest !== undefined) return rest
  }
  return withoutReformatted(text)
}

/** Somebody has laid the file out anew: the value goes, by its place. */
function withoutReformatted(text: string): string {
  const value = parseJson(text)
  if (!value.ok || !isObject(value.value)) return text
  const { scripts, hooks } = value.value
  if (isObject(scripts) && scripts.preinstall === call) return withoutValue(text, ['scripts', 'preinstall'])
  const entries: unknown = isObject(hooks) ? hooks.PreToolUse : undefined
  const index = Array.isArray(entries) ? entries.findIndex((entry) => JSON.stringify(entry).includes(agentStub)) : -1
  return index === -1 ? text : withoutValue(text, ['hooks', 'PreToolUse', index])
}

const agentStub = `${stubFolder}/agent-hook.cjs`
