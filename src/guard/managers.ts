// Which package manager is running us, and whether its root preinstall script runs before anything is unpacked.
// Measured against a loopback registry with the versions named beside each line; what was not tried is "unknown".

import semver from 'semver'

export interface Manager {
  readonly name: string
  /** As it names itself; undefined where that is no version. */
  readonly version: string | undefined
}

/** `before`: nothing is on disk yet · `after`: dependencies are unpacked and their scripts have run. */
export type Timing = 'before' | 'after' | 'unknown'

export interface PreinstallTiming {
  readonly timing: Timing
  /** What this script does not see even where it comes in time. */
  readonly gaps: string
}

interface Row extends PreinstallTiming {
  readonly name: string
  readonly range: string
}

const never = 'and it never runs for npx, dlx or -g'

const table = [
  // 12.2
  { name: 'npm', range: '>=12', timing: 'before', gaps: `npm install NAME and npm update do not run it, ${never}` },
  // 7.24, 9.9, 10.9, 11.19
  { name: 'npm', range: '>=7 <12', timing: 'after', gaps: `npm install NAME and npm update do not run it, ${never}` },
  // 12.21; of 11.28 only install was tried
  { name: 'pnpm', range: '>=11', timing: 'before', gaps: `pnpm add does not run it, ${never}` },
  // 9.15, 10.34
  { name: 'pnpm', range: '>=9 <11', timing: 'after', gaps: `pnpm add does not run it, ${never}` },
  // 1.22
  { name: 'yarn', range: '^1.22', timing: 'before', gaps: 'yarn upgrade does not run it' },
  // 4.18
  { name: 'yarn', range: '>=4', timing: 'after', gaps: never.replace('and it', 'it') },
  // 1.4
  { name: 'bun', range: '>=1', timing: 'after', gaps: never.replace('and it', 'it') },
] as const satisfies readonly Row[]

/** From `npm_config_user_agent`, e.g. `npm/10.8.2 node/v20.20.2 linux x64`; undefined where no manager runs us. */
export function managerOf(userAgent: string | undefined): Manager | undefined {
  const found = /^([a-z]{2,20})\/(\S{1,40})/.exec(userAgent ?? '')
  return found ? { name: found[1]!, version: semver.valid(found[2]!, true) ?? undefined } : undefined
}

/** As measured for that version; `unknown` for what nobody measured. */
export function preinstallTiming({ name, version }: Manager): PreinstallTiming {
  const row = table.find(
    (one) =>
      one.name === name &&
      version !== undefined &&
      semver.satisfies(version, one.range, { includePrerelease: true, loose: true }),
  )
  return row ?? { timing: 'unknown', gaps: 'nobody has measured when it runs this script' }
}

/** Options of yarn 1 that take their value as the next word. */
const valued: ReadonlySet<string> = new Set([
  '--cache-folder',
  '--cwd',
  '--global-folder',
  '--https-proxy',
  '--link-folder',
  '--modules-folder',
  '--mutex',
  '--network-concurrency',
  '--network-timeout',
  '--otp',
  '--preferred-cache-folder',
  '--proxy',
  '--registry',
  '--use-yarnrc',
])

/**
 * What is being added by name, which no manifest holds yet: yarn 1 tells it in `npm_config_argv`
 * (`{"original":["add","left-pad"]}`). Empty for a plain install, and for managers that do not tell.
 */
export function addedNames(argv: string | undefined): readonly string[] {
  const words = originalWords(argv)
  const plain = words.filter((word, index) => !word.startsWith('-') && !valued.has(words[index - 1] ?? ''))
  const verb = plain.indexOf('add')
  return verb === -1 ? [] : plain.slice(verb + 1)
}

function originalWords(argv: string | undefined): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(argv ?? 'null')
    const words = typeof parsed === 'object' && parsed !== null && 'original' in parsed ? parsed.original : undefined
    return Array.isArray(words) ? words.filter((word) => typeof word === 'string') : []
  } catch {
    // Not yarn 1's: whatever it is, it names no package to us.
    return []
  }
}
