#!/usr/bin/env node
// argv → command. The only place that sets the exit code; every command's code is loaded when it is called,
// so that --version, --help and small commands start like small programs.

import { existsSync } from 'node:fs'
import type { Flags } from './commands/options.ts'
import { isProgram, type Program } from './commands/programs.ts'
import { AuditError, reasonOf } from './errors.ts'
import { nearest } from './names/nearest.ts'
import { clean } from './redact.ts'
import { failOns, formats, scannerNames } from './types.ts'
import { version } from './version.ts'

// Agents ask before each of their commands: that one answer loads nothing else.
const [asked, ...askedFor] = process.argv.slice(2)
if (asked === 'hook' && (askedFor.length === 0 || (askedFor.length === 1 && askedFor[0] === '--deny-only')))
  process.exit(await answerAgent(askedFor.length === 1))

// `audit-deps | head` closes the pipe early: that is no error of ours. A full disk is one, and no finding.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      // Before the outcome is known there is more to do than to print.
      if (process.exitCode !== undefined) process.exit()
      return
    }
    const hint = 'make room, or write the report to another place with --output'
    process.exit(tell(new AuditError('OUTPUT_UNWRITABLE', `cannot print: ${reasonOf(error)}`, { hint })))
  })

// What stands behind a package manager's name is its own: no option of ours is looked for there.
if (isProgram(asked)) process.exit(await answerManager(asked, askedFor))

const { Command, CommanderError, InvalidArgumentError, Option } = await import('commander')
type Command = InstanceType<typeof Command>

const exitCodeHelp = `
Exit codes:
  0  pass
  1  findings at or above --fail-on
  2  wrong usage or configuration
  3  incomplete: something required could not be checked (1 beats 3)`

const rootHelp = `
Examples:
  $ audit-deps                            audit this folder: secrets, lockfile, phantom packages
  $ audit-deps ../app --format json       another one, for machines
  $ audit-deps check left-pad react@18    vet packages before you install them
  $ audit-deps npm install left-pad       install only what was vetted (npm, npx, pnpm, yarn, bun)
  $ audit-deps init --git --agent         let the package manager, git and AI agents ask audit-deps
  $ audit-deps hook < event.json          answer an agent that is about to run a command
  $ audit-deps secrets --staged           what the next commit would leak
  $ audit-deps deps --offline             lockfile and manifest without a network
  $ audit-deps explain package/typosquat  what a finding means, and what to do
${exitCodeHelp}`

function program(): Command {
  const root = new Command('audit-deps')
    .description('What does this repository leak, and what could its dependencies do to us?')
    .version(version)
    .argument('[path]', 'folder to audit', '.')
    .exitOverride()
    .enablePositionalOptions()
    .helpCommand('help [command]', 'the help of a command')
    .showHelpAfterError('  → see --help')
    .addHelpText('after', rootHelp)
    .action(async (path: string) => {
      if (!existsSync(path)) throw noSuchFolder(path, root)
      await exitWith((await import('./commands/audit.ts')).auditCommand(path, flagsOf(root), scannerNames))
    })
  auditOptions(root)

  const secrets = subcommand(root, 'secrets', 'secrets in everything git remembers, and in the work tree')
    .argument('[path]', 'folder to audit', '.')
    .option('--staged', 'only what is staged: for a pre-commit hook')
    .option('--commits', 'only what the commits brought whose ids stand on standard input: for hooks')
    .option('--stdin', 'only what comes on standard input')
    .action(async (path: string) => {
      await exitWith((await import('./commands/audit.ts')).auditCommand(path, flagsOf(secrets), ['secrets']))
    })
  auditOptions(secrets)
  examples(secrets, [
    'audit-deps secrets',
    'audit-deps secrets --staged',
    'git rev-list HEAD --not --remotes | audit-deps secrets --commits',
    'git diff | audit-deps secrets --stdin',
  ])

  const deps = subcommand(root, 'deps', 'lockfile and phantom packages')
    .argument('[path]', 'folder to audit', '.')
    .action(async (path: string) => {
      await exitWith((await import('./commands/audit.ts')).auditCommand(path, flagsOf(deps), ['lockfile', 'phantom']))
    })
  auditOptions(deps)
  examples(deps, ['audit-deps deps', 'audit-deps deps packages/app --fail-on medium', 'audit-deps deps --offline'])

  const check = subcommand(root, 'check <name...>', 'vet packages before installing them: name, name@range').action(
    async (names: string[]) => {
      await exitWith((await import('./commands/check.ts')).checkCommand(names, flagsOf(check)))
    },
  )
  reportOptions(check)
  registryOptions(check)
  check.option('--no-baseline', 'report what .audit-deps-baseline accepts, too')
  examples(check, ['audit-deps check left-pad', 'audit-deps check react@^19 @types/node --format json'])

  const baseline = subcommand(root, 'baseline', 'accept what is there now: later runs show only what is new')
    .argument('[path]', 'folder to audit', '.')
    .option('--reason <text>', 'why it is acceptable (default: "accepted at baseline")')
    .option('--prune', 'only drop the lines of what is gone')
    .option('--allow-incomplete', 'write it though something required could not be read')
    .option('--config <file>', 'configuration (default: audit-deps.json, or auditDeps in package.json)')
    .option('--quiet', 'no progress, no summary')
    .action(async (path: string) => {
      await exitWith((await import('./commands/baseline.ts')).baselineCommand(path, flagsOf(baseline)))
    })
  registryOptions(baseline)
  scanOptions(baseline)
  examples(baseline, [
    'audit-deps baseline --reason "before we began"',
    'audit-deps baseline --prune',
    'git add .audit-deps-baseline',
  ])

  const config = subcommand(root, 'config', 'the configuration that applies, and where each value comes from')
    .argument('[path]', 'folder it applies to', '.')
    .addOption(new Option('--format <format>', 'table or json (default: table)').choices(['table', 'json']))
    .action(async (path: string) => {
      await exitWith((await import('./commands/config.ts')).configCommand(path, flagsOf(config)))
    })
  policyOptions(config)
  registryOptions(config)
  scanOptions(config)
  sinceOption(config)
  examples(config, ['audit-deps config', 'audit-deps config ../app --format json', 'audit-deps config --fail-on low'])

  const guard = subcommand(root, 'guard', 'stop unknown packages before an install')
    .requiredOption('--preinstall', 'run as the root preinstall script of package.json')
    .action(async () => {
      await exitWith((await import('./commands/guard.ts')).guardCommand(flagsOf(guard)))
    })
  policyOptions(guard)
  registryOptions(guard)
  guard
    .option('--quiet', 'the verdict and its reasons only')
    .option('--allow-unverified', 'go on where the registry could not be asked, and say so')
    .addHelpText('after', guardHelp)

  const redact = subcommand(root, 'redact [file...]', 'code without its secrets, to paste into a chat or an issue')
    .option('--map <file>', 'keep the way back in a new file, readable by you alone')
    .option('--restore', 'the way back: put the values of --map in again')
    .option('--check', 'only say what would be redacted; exit 1 if anything')
    .action(async (files: string[]) => {
      await exitWith((await import('./commands/redact.ts')).redactCommand(files, redact.opts()))
    })
  examples(redact, [
    'audit-deps redact src/config.ts .env',
    'git diff | audit-deps redact --map /tmp/map.json',
    'audit-deps redact --restore --map /tmp/map.json < answer.md',
  ])

  const render = subcommand(root, 'render <report.json>', 'a report that --format json wrote, in another format')
    .addOption(new Option('--format <format>', 'how to print it (default: table)').choices(formats))
    .option('--output <file>', 'write it to a file')
    .option('--no-color', 'plain text (also NO_COLOR)')
    .option('--quiet', 'the verdict only')
    .option('--verbose', 'every place, every signal, the coverage in full')
    .action(async (file: string) => {
      await exitWith((await import('./commands/render.ts')).renderCommand(file, flagsOf(render)))
    })
  examples(render, [
    'audit-deps --format json --output report.json',
    'audit-deps render report.json --format html --output report.html',
    'audit-deps render report.json --format sarif --output report.sarif',
  ])

  const init = subcommand(root, 'init', 'make npm, pnpm, yarn, bun, git, CI or an AI agent ask audit-deps')
    .argument('[path]', 'the project', '.')
    .option('--git', "git's pre-commit hook (husky and core.hooksPath are kept)")
    .addOption(new Option('--ci <service>', 'two CI jobs: on change, and nightly').choices(['github', 'gitlab']))
    .option('--agent', "Claude Code's settings: vet before the agent installs")
    .option('--remove', 'take back what init wrote, all of it')
    .option('--yes', 'write without asking: for CI')
    .option('--dry-run', 'show it, write nothing')
    .action(async (path: string) => {
      await exitWith((await import('./commands/init.ts')).initCommand(path, init.opts()))
    })
  init.addHelpText('after', initHelp)

  const hook = subcommand(root, 'hook', "answer an AI agent's question before it runs a command")
    .option('--deny-only', "never spare the agent's own question: deny and ask only")
    .action(async () => {
      process.exitCode = await answerAgent(hook.opts().denyOnly === true)
    })
  hook.addHelpText('after', hookHelp)

  const explain = subcommand(root, 'explain <what> [path]', 'what a code means; or one finding, by its fingerprint')
    .option('--report <file>', 'the report that has the finding (default: audit the path anew)')
    .option('--config <file>', 'configuration (default: audit-deps.json, or auditDeps in package.json)')
    .option('--quiet', 'no progress')
    .action(async (what: string, path = '.') => {
      const { isFingerprint, explainFinding } = await import('./commands/explain-finding.ts')
      if (isFingerprint(what)) return exitWith(explainFinding(what, path, flagsOf(explain)))
      await exitWith((await import('./commands/explain.ts')).explainCommand(what))
    })
  registryOptions(explain)
  scanOptions(explain)
  examples(explain, [
    'audit-deps explain package/typosquat',
    'audit-deps explain secret',
    'audit-deps explain 82378c60eaea --report report.json',
  ])
  return root
}

const guardHelp = `
In package.json:
  "scripts": { "preinstall": "npx --yes audit-deps@${version} guard --preinstall" }

A root preinstall script runs before anything is installed with npm 12 and later,
pnpm 11 and later, and yarn 1 — and only for a plain install (npm ci, pnpm install
--frozen-lockfile, yarn install); npm and pnpm do not run it when a package is added
by name. With npm 11 and older, pnpm 10 and older, yarn 4 and bun it runs after the
dependencies' own scripts: too late. It never runs for npx, dlx or -g.
${exitCodeHelp}`

const initHelp = `
Shows what it would write, and asks. Without --git, --ci and --agent: the hooks of the
project's package manager, where one comes in time; elsewhere it says what to use.

Examples:
  $ audit-deps init                       the package manager's own hooks
  $ audit-deps init --git --agent         a pre-commit hook; settings for Claude Code
  $ audit-deps init --ci github --yes     a workflow, without asking
  $ audit-deps init --remove              take everything back

Exit codes:
  0  written, or nothing to write
  1  declined
  2  wrong usage, or nobody to ask (give --yes)`

const hookHelp = `
Reads one event as JSON on standard input: Claude Code's PreToolUse, or {"command": "npm i x"}.
Answers in the same format. A line without an install gets no answer at all, and exit code 0.
audit-deps init --agent writes the settings.

Examples:
  $ echo '{"command":"npm install left-pad"}' | audit-deps hook
  $ audit-deps hook --deny-only < event.json

Exit codes:
  0  answered (or nothing to say)
  2  blocked: the event could not be read`

const subcommand = (root: Command, usage: string, description: string): Command =>
  root.command(usage).description(description)

function examples(command: Command, lines: readonly string[]): void {
  command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n${exitCodeHelp}`)
}

function auditOptions(command: Command): void {
  reportOptions(command)
  registryOptions(command)
  scanOptions(command)
  sinceOption(command)
  command.option('--no-baseline', 'report what .audit-deps-baseline accepts, too')
}

function sinceOption(command: Command): void {
  command
    .option('--since <ref>', 'only what commits after the merge base with this ref brought')
    .option('--pull-request', "the same, with the target branch of CI's pull request")
}

function scanOptions(command: Command): void {
  command
    .option('--only <scanners>', `of ${scannerNames.join(', ')}: only these`, (value) => scannerList(value))
    .option('--no-history', "HEAD's files and the work tree only")
    .addOption(
      new Option('--engine <engine>', 'how history is read: by its deltas, or object by object').choices([
        'pack',
        'stream',
      ]),
    )
    .option('--gitleaks-config <file>', 'rules of a gitleaks TOML besides ours (secrets)')
    .option('--show-examples', 'placeholders and documented sample keys too, as info (secrets)')
    .option('--no-inline-allow', 'report what allow comments and .gitleaksignore hide: for CI')
}

function reportOptions(command: Command): void {
  policyOptions(command)
  command
    .addOption(new Option('--format <format>', 'how to print the report (default: table)').choices(formats))
    .option('--output <file>', 'write the report to a file')
    .option('--no-color', 'plain text (also NO_COLOR)')
    .option('--quiet', 'the verdict only, no progress')
    .option('--verbose', 'every place, every signal, the coverage in full')
}

function policyOptions(command: Command): void {
  command
    .addOption(new Option('--fail-on <band>', 'exit 1 from this risk on (default: high)').choices(failOns))
    .option('--config <file>', 'configuration (default: audit-deps.json, or auditDeps in package.json)')
}

function registryOptions(command: Command): void {
  command
    .option('--registry <url>', 'default registry (default: as .npmrc says)')
    .option('--trust-project-npmrc', "registries and tokens of the project's own .npmrc count, too")
    .option('--osv', 'ask OSV for advisories, too: it is told names and versions (also AUDIT_DEPS_OSV=1)')
    .option('--advisories <path>', "advisories of a folder or zip of OSV's records, also offline")
    .option('--offline', 'ask no registry')
    .option('--no-cache', 'neither read nor write what is remembered between runs')
}

/**
 * What was really given, before or behind the command's name; commander's own defaults would hide the configuration's.
 * The part nearer to the user's intent, the subcommand's, wins.
 */
function flagsOf(command: Command): Flags {
  const given = (from: Command | null): object =>
    from === null
      ? {}
      : Object.fromEntries(Object.entries(from.opts()).filter(([key]) => from.getOptionValueSource(key) === 'cli'))
  return { ...given(command.parent), ...given(command) }
}

function scannerList(value: string): readonly string[] {
  const names = value.split(',').map((name) => name.trim())
  for (const name of names) {
    if (scannerNames.some((known) => known === name)) continue
    const meant = nearest(name, scannerNames)
    throw new InvalidArgumentError(meant ? `Did you mean ${meant}?` : `Known: ${scannerNames.join(', ')}.`)
  }
  return names
}

function noSuchFolder(word: string, root: Command): AuditError {
  const commands = root.commands.map((command) => command.name())
  const meant = /^[\w-]+$/.test(word) ? nearest(word, commands) : undefined
  return new AuditError('PATH_MISSING', `"${word}" is neither a folder nor a command`, {
    hint: meant ? `did you mean "${meant}"?` : 'name an existing folder, or see audit-deps --help',
  })
}

/** Fails closed: to an agent any exit code but 0 and 2 means "go on". */
async function answerAgent(denyOnly: boolean): Promise<number> {
  try {
    return await (await import('./commands/hook.ts')).hookCommand(denyOnly)
  } catch (error) {
    process.stderr.write(`audit-deps: nothing could be vetted: ${clean(reasonOf(error))}\n`)
    return 2
  }
}

async function answerManager(name: Program, given: readonly string[]): Promise<number> {
  try {
    return await (await import('./commands/wrap.ts')).wrapCommand(name, given)
  } catch (error) {
    return tell(error)
  }
}

async function exitWith(command: Promise<number>): Promise<void> {
  process.exitCode = await command
}

/** One clear sentence and the next step; a stack trace only for a bug of ours, and only when asked. */
function tell(thrown: unknown): number {
  const isLost = (thrown as NodeJS.ErrnoException | undefined)?.syscall === 'uv_cwd'
  const error = isLost ? new AuditError('PATH_MISSING', reasonOf(thrown), { hint: 'cd to one that is there' }) : thrown
  const hint =
    error instanceof AuditError ? error.hint : 'this is a bug in audit-deps: run with --verbose and report it'
  process.stderr.write(`audit-deps: ${clean(reasonOf(error))}\n${hint === undefined ? '' : `  → ${clean(hint)}\n`}`)
  if (error instanceof AuditError) return error.code === 'GIT_FAILED' ? 3 : 2
  if (process.argv.includes('--verbose') && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return 3
}

try {
  await program().parseAsync()
} catch (error) {
  const isUsage = error instanceof CommanderError
  process.exitCode = isUsage ? (error.exitCode === 0 ? 0 : 2) : tell(error)
}
