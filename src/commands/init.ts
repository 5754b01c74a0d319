// `audit-deps init`: shows what it would write, asks, writes.

import { createInterface } from 'node:readline/promises'
import { apply, type InitTargets, planInit, planRemove } from '../guard/init.ts'
import type { InitChange, InitPlan } from '../guard/init-files.ts'
import { clean } from '../redact.ts'
import { wrapped } from './wrapped.ts'

export interface InitFlags extends InitTargets {
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly remove?: boolean
}

/** @returns 0 written, or nothing to write · 1 declined · 2 nobody to ask */
export async function initCommand(path: string, flags: InitFlags): Promise<number> {
  const { environment, root } = { environment: process.env, root: path }
  const plan = flags.remove ? await planRemove(root, environment) : await planInit(root, flags, environment)
  show(plan, flags.remove === true)
  if (plan.changes.length === 0 || flags.dryRun) return 0
  if (!flags.yes && !(process.stdin.isTTY && process.stdout.isTTY)) {
    process.stderr.write('audit-deps: nothing was written: there is nobody to ask\n  → give --yes, or --dry-run\n')
    return 2
  }
  if (!flags.yes && !(await confirmed())) {
    process.stdout.write('nothing was written\n')
    return 1
  }
  await apply(root, plan)
  process.stdout.write(`${flags.remove ? 'taken back' : 'written; commit it'}: ${plan.changes.length} files\n`)
  return 0
}

function show({ changes, notes }: InitPlan, removing: boolean): void {
  const lines = changes.flatMap((change) => [headOf(change), ...diffOf(change), ''])
  if (changes.length === 0) lines.push(removing ? 'nothing of ours is here' : 'nothing to write: it is all there')
  for (const note of notes) lines.push(...wrapped(note, '· '))
  process.stdout.write(`${lines.map(clean).join('\n')}\n`)
}

const headOf = ({ path, before, after }: InitChange): string =>
  `${before === undefined ? 'create' : after === undefined ? 'delete' : 'change'} ${path}`

/** Lines that come and go; what is equal at the start and at the end is left out. */
function diffOf({ before = '', after = '' }: InitChange): string[] {
  const [old, fresh] = [linesOf(before), linesOf(after)]
  let head = 0
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++
  let tail = 0
  while (tail < Math.min(old.length, fresh.length) - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++
  return [
    ...old.slice(head, old.length - tail).map((line) => `  - ${line}`),
    ...fresh.slice(head, fresh.length - tail).map((line) => `  + ${line}`),
  ]
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

async function confirmed(): Promise<boolean> {
  const question = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await question.question('Write this? [y/N] ')).trim())
  } finally {
    question.close()
  }
}
