// The doors of `audit-deps init` besides the package manager's: git's pre-commit hook, CI, and AI agents.

import { existsSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { AuditError } from '../errors.ts'
import { version } from '../version.ts'
import { fileChange, type InitPlan, textOf } from './init-files.ts'
import { hasBlock, withBlock, withMember } from './init-text.ts'
import { capture } from './run.ts'
import { agentHook, stubFolder, written } from './stubs/text.ts'

const hookLines = [
  'if [ -x node_modules/.bin/audit-deps ]; then',
  '  node_modules/.bin/audit-deps secrets --staged --quiet || exit 1',
  'elif command -v audit-deps >/dev/null 2>&1; then',
  '  audit-deps secrets --staged --quiet || exit 1',
  'else',
  '  echo "audit-deps is missing, so this commit was not checked. Install it: npm install --global audit-deps" >&2',
  '  exit 1',
  'fi',
]

/** @throws AuditError USAGE outside of a repository */
export async function gitChange(root: string, environment: NodeJS.ProcessEnv): Promise<InitPlan> {
  const husky = existsSync(join(root, '.husky'))
  const folder = husky ? '.husky' : await hooksFolder(root, environment)
  if (folder === undefined)
    return {
      changes: [],
      notes: [
        'the hooks of this repository are not below this folder (core.hooksPath, or this is not its root): add "audit-deps secrets --staged" to the pre-commit hook there',
      ],
    }
  const path = join(folder, 'pre-commit').replaceAll('\\', '/')
  const before = textOf(join(root, path))
  const notes =
    husky || !path.startsWith('.git/')
      ? []
      : ['.git/hooks is not committed: everybody runs audit-deps init --git once, in each clone']
  if (before !== undefined && hasBlock(before)) return { changes: [{ path, before, after: before }], notes }
  const shell = /^#!.*\b(?:sh|bash|dash|zsh|ksh)\b/.exec(before ?? '#!/bin/sh')
  if (!husky && before !== undefined && shell === null)
    return {
      changes: [],
      notes: [`${path} is no shell script and stays as it is: let it run "audit-deps secrets --staged"`],
    }
  const after =
    before === undefined && !husky
      ? `#!/bin/sh\n${withBlock(undefined, hookLines, 'top')}`
      : withBlock(before, hookLines, 'top')
  if (before === undefined) return { changes: [{ path, before, after, executable: true }], notes }
  const runs = husky || (statSync(join(root, path)).mode & 0o111) !== 0
  return {
    changes: [{ path, before, after }],
    notes: runs ? notes : [...notes, `${path} is not executable, so git does not run it: chmod +x ${path}`],
  }
}

/** Relative to the project; undefined where it is outside of it. */
async function hooksFolder(root: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { code, stdout } = await capture('git', ['rev-parse', '--git-path', 'hooks'], { cwd: root, env: environment })
  if (code !== 0)
    throw new AuditError('USAGE', 'this is no git repository', { hint: 'run it in one, or git init first' })
  const found = relative(root, resolve(root, stdout.trim()))
  return isAbsolute(found) || found.startsWith('..') ? undefined : found
}

// ── CI ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const program = `npx --yes audit-deps@${version}`

const github = `# ${written}
name: audit-deps
on:
  pull_request:
  push:
    branches: [main, master]
  schedule:
    - cron: '17 3 * * *'
permissions:
  contents: read
jobs:
  change:
    if: github.event_name != 'schedule'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - if: github.event_name == 'pull_request'
        run: ${program} --pull-request --format github
      - if: github.event_name != 'pull_request'
        run: ${program} --format github
  nightly:
    if: github.event_name == 'schedule'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: ${program} --format github
`

const gitlab = [
  'audit-deps:',
  '  stage: .pre',
  '  image: node:22',
  '  variables: { GIT_DEPTH: "0" }',
  '  rules:',
  '    - if: $CI_PIPELINE_SOURCE == "merge_request_event"',
  `  script: ["${program} --pull-request"]`,
  'audit-deps-nightly:',
  '  stage: .pre',
  '  image: node:22',
  '  variables: { GIT_DEPTH: "0" }',
  '  rules:',
  '    - if: $CI_PIPELINE_SOURCE == "schedule"',
  `  script: ["${program}"]`,
]

/** A job for every change and one for every night. A workflow of that name that is not ours stays as it is. */
export function ciChange(root: string, ci: 'github' | 'gitlab'): InitPlan {
  if (ci === 'github') {
    const path = '.github/workflows/audit-deps.yml'
    const before = textOf(join(root, path))
    if (before !== undefined && !before.startsWith(`# ${written}`))
      return { changes: [], notes: [`${path} is there already and stays as it is`] }
    return { changes: [fileChange(root, path, () => github)], notes: [] }
  }
  const notes = ['GitLab runs the nightly job once you add a schedule: Build, Pipeline schedules']
  const path = '.gitlab-ci.yml'
  const before = textOf(join(root, path))
  if (before !== undefined && hasBlock(before)) return { changes: [], notes }
  return { changes: [fileChange(root, path, (text) => withBlock(text, gitlab, 'bottom'))], notes }
}

// ── Agents ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** A hook that cannot start, breaks or takes too long lets the tool run, unless `onFailure` says otherwise (2.1.295). */
const entry = {
  matcher: 'Bash|PowerShell',
  hooks: [
    {
      type: 'command',
      command: `node "$CLAUDE_PROJECT_DIR/${stubFolder}/agent-hook.cjs"`,
      timeout: 120,
      onFailure: 'block',
    },
  ],
}

/** What is put into settings that are there, by what they hold: a list, an object of hooks, neither. */
export const agentMembers = (): string[] => [
  `"hooks": ${JSON.stringify({ PreToolUse: [entry] })}`,
  `"PreToolUse": ${JSON.stringify([entry])}`,
  JSON.stringify(entry),
]

/** The settings where there are none yet. */
export const agentFile = (): string => `${JSON.stringify({ hooks: { PreToolUse: [entry] } }, null, 2)}\n`

/** The hook before an agent's shell. @throws AuditError USAGE for settings that are no JSON object */
export function agentChange(root: string): InitPlan {
  const stub = fileChange(root, `${stubFolder}/agent-hook.cjs`, () => agentHook)
  const path = '.claude/settings.json'
  const before = textOf(join(root, path))
  const notes = ['it stops what an agent runs by its shell tool and can be read as an install; it is no sandbox']
  if (before === undefined) return { changes: [stub, { path, before, after: agentFile() }], notes }
  if (before.includes('agent-hook.cjs')) return { changes: [stub], notes }
  const [inRoot, inHooks, inList] = agentMembers() as [string, string, string]
  const after =
    withMember(before, ['hooks', 'PreToolUse'], inList) ??
    withMember(before, ['hooks'], inHooks) ??
    withMember(before, [], inRoot)
  if (after === undefined || !isJson(before))
    throw new AuditError('USAGE', `${path} is no JSON object`, { hint: 'mend it first' })
  return { changes: [stub, { path, before, after }], notes }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
