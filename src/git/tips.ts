// On which branches and tags an object stands today. Of a tip that was asked before nothing is asked again: what a commit
// holds never changes.

import { join } from 'node:path'
import { type MemoryFile, memoryFile } from '../memory-file.ts'
import { listOf, natural, objectId, objectOf, text, tupleOf } from '../shape.ts'
import { lines } from './objects.ts'
import type { Ref } from './refs.ts'
import type { Repository } from './repository.ts'
import { git } from './run.ts'

/** Tips times paths; more would take git seconds, and then nothing is said of tips. */
const mostQuestions = 50_000
/** The same for each version of a file. */
const mostLookups = 1_000_000
const format = 'audit-deps tips memory 1'

/** Which of these tips hold the object at one of these paths. */
interface Answer {
  /** Sorted. */
  readonly paths: readonly string[]
  /** By place in the list of tips: who was asked, and who holds it. */
  readonly holding: readonly number[]
}

interface Remembered {
  readonly tips: readonly string[]
  readonly answers: readonly (readonly [oid: string, Answer])[]
}

const shape = objectOf<Remembered>({
  tips: listOf(objectId),
  answers: listOf(tupleOf(objectId, objectOf<Answer>({ paths: listOf(text), holding: listOf(natural) }))),
})

/**
 * The branches (of remotes too) and tags whose tip holds an object at one of its paths.
 * @param paths by object id; from the top of the work tree, one latin1 character a byte
 * @param cache from cacheFolder(); undefined: nothing is remembered
 * @returns ref names without `refs/heads/` and the like, latin1, by object id; undefined where it would cost too much
 */
export async function tipsHolding(
  repo: Repository,
  refs: readonly Ref[],
  paths: ReadonlyMap<string, ReadonlySet<string>>,
  cache?: string,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const names = tipsOf(refs)
  const tips = [...names.keys()]
  const file = cache === undefined ? undefined : memoryFile(join(cache, 'history'), repo, format, shape)
  const before = recalled(file)
  const lookups: Lookup[] = []
  const questions = new Set<string>()
  for (const [oid, some] of paths) {
    const own = askable(some)
    const asked = before(oid, own)
    for (const tip of tips) {
      if (asked?.has(tip)) continue
      for (const path of own) {
        const question = `${tip}:${path}`
        questions.add(question)
        lookups.push({ oid, tip, question })
      }
      if (questions.size > mostQuestions || lookups.length > mostLookups) return undefined
    }
  }
  const found = new Map<string, Set<string>>()
  for (const { oid, tip } of await held(repo, lookups, [...questions].sort()))
    found.set(oid, (found.get(oid) ?? new Set()).add(tip))
  for (const [oid, some] of paths) {
    const known = before(oid, askable(some))
    for (const tip of tips) if (known?.get(tip)) found.set(oid, (found.get(oid) ?? new Set()).add(tip))
  }
  if (lookups.length > 0) file?.write(written(tips, paths, found))
  const named = (some: ReadonlySet<string>) => [...new Set([...some].flatMap((tip) => names.get(tip)!))].sort()
  return new Map([...found].map(([oid, some]) => [oid, named(some)]))
}

interface Lookup {
  readonly oid: string
  readonly tip: string
  /** `tip:path` */
  readonly question: string
}

/** An answer is a line: a path of two lines would be asked for twice. */
const askable = (paths: ReadonlySet<string>): string[] => [...paths].filter((path) => !path.includes('\n')).sort()

/** Those of which it is true. @param questions sorted: neighbours in one tree are asked for one after the other */
async function held(
  repo: Repository,
  lookups: readonly Lookup[],
  questions: readonly string[],
): Promise<readonly Lookup[]> {
  if (questions.length === 0) return []
  const input = questions.map((question) => Buffer.from(`${question}\n`, 'latin1'))
  const answers = await lines(git(repo, ['cat-file', '--buffer', '--batch-check=%(objectname)'], { input }))
  const at = new Map(questions.map((question, index) => [question, answers[index]]))
  return lookups.filter(({ oid, question }) => at.get(question) === oid)
}

/** Commit (or a tag of a tag, which git follows) → names of the refs that lead there. */
function tipsOf(refs: readonly Ref[]): ReadonlyMap<string, readonly string[]> {
  const tips = new Map<string, string[]>()
  for (const { name, oid, target } of refs) {
    const short = /^refs\/(?:heads|remotes|tags)\/(.*)$/.exec(name)?.[1]
    if (short === undefined) continue
    const tip = target?.type === 'commit' ? target.oid : oid
    tips.set(tip, [...(tips.get(tip) ?? []), short])
  }
  return tips
}

/** By object and paths the tips that were asked, each with whether it held it. */
function recalled(file: MemoryFile<Remembered> | undefined) {
  const { tips, answers } = file?.read() ?? { tips: [], answers: [] }
  const known = new Map(answers)
  return (oid: string, paths: readonly string[]): ReadonlyMap<string, boolean> | undefined => {
    const answer = known.get(oid)
    if (answer === undefined || answer.paths.join('\n') !== paths.join('\n')) return undefined
    const holding = new Set(answer.holding)
    return new Map(tips.map((tip, index) => [tip, holding.has(index)]))
  }
}

function written(
  tips: readonly string[],
  paths: ReadonlyMap<string, ReadonlySet<string>>,
  found: ReadonlyMap<string, ReadonlySet<string>>,
): Remembered {
  const answers = [...paths].map(([oid, some]): readonly [string, Answer] => {
    const holding = tips.flatMap((tip, index) => (found.get(oid)?.has(tip) ? [index] : []))
    return [oid, { paths: askable(some), holding }]
  })
  return { tips, answers }
}
