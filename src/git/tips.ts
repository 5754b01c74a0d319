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
  const before = recalled(file, paths)
  const fresh = tips.filter((tip) => !before.tips.has(tip))
  /** By path: all where a version of it is new, else those that were not asked before. */
  const asked = new Map<string, readonly string[]>()
  for (const [oid, some] of paths)
    for (const path of askable(some))
      if (!before.holding.has(oid)) asked.set(path, tips)
      else if (!asked.has(path)) asked.set(path, fresh)
  let count = 0
  for (const some of asked.values()) count += some.length
  if (count > mostQuestions) return undefined
  const found = new Map([...paths.keys()].map((oid) => [oid, new Set(before.holding.get(oid))]))
  for (const { tip, path, oid } of await answers(repo, asked)) if (paths.get(oid)?.has(path)) found.get(oid)!.add(tip)
  if (count > 0) file?.write(written(tips, paths, found))
  const named = (some: ReadonlySet<string>) => [...new Set([...some].flatMap((tip) => names.get(tip) ?? []))].sort()
  return new Map([...found].map(([oid, some]) => [oid, named(some)]))
}

/** @param asked by path, which tips. @returns what stands there: an id, or whatever git says of what does not exist */
async function answers(repo: Repository, asked: ReadonlyMap<string, readonly string[]>) {
  const byTip = new Map<string, string[]>()
  // Neighbours in one tree are asked for one after the other.
  for (const path of [...asked.keys()].sort())
    for (const tip of asked.get(path)!) {
      const known = byTip.get(tip)
      if (known === undefined) byTip.set(tip, [path])
      else known.push(path)
    }
  const questions = [...byTip].flatMap(([tip, paths]) => paths.map((path) => ({ tip, path })))
  if (questions.length === 0) return []
  const input = questions.map(({ tip, path }) => Buffer.from(`${tip}:${path}\n`, 'latin1'))
  const told = await lines(git(repo, ['cat-file', '--buffer', '--batch-check=%(objectname)'], { input }))
  return questions.map((question, index) => ({ ...question, oid: told[index] ?? '' }))
}

/** An answer is a line: a path of two lines would be asked for twice. */
const askable = (paths: ReadonlySet<string>): string[] => [...paths].filter((path) => !path.includes('\n')).sort()

/** Commit (or a tag of a tag, which git follows) → names of the refs that lead there. */
function tipsOf(refs: readonly Ref[]): ReadonlyMap<string, readonly string[]> {
  const tips = new Map<string, string[]>()
  for (const { name, oid, target } of refs) {
    const short = /^refs\/(?:heads|remotes|tags)\/(.*)$/.exec(name)?.[1]
    if (short === undefined) continue
    const tip = target?.type === 'commit' ? target.oid : oid
    const some = tips.get(tip)
    if (some === undefined) tips.set(tip, [short])
    else some.push(short)
  }
  return tips
}

/** Who was asked before, and of objects whose paths are the same ones who holds them. */
function recalled(file: MemoryFile<Remembered> | undefined, paths: ReadonlyMap<string, ReadonlySet<string>>) {
  const { tips, answers } = file?.read() ?? { tips: [], answers: [] }
  const holding = new Map<string, readonly string[]>()
  for (const [oid, answer] of answers)
    if (answer.paths.join('\n') === askable(paths.get(oid) ?? new Set()).join('\n'))
      holding.set(
        oid,
        answer.holding.flatMap((index) => tips[index] ?? []),
      )
  return { tips: new Set(tips), holding }
}

function written(
  tips: readonly string[],
  paths: ReadonlyMap<string, ReadonlySet<string>>,
  found: ReadonlyMap<string, ReadonlySet<string>>,
): Remembered {
  const placeOf = new Map(tips.map((tip, place) => [tip, place]))
  const answers = [...paths].map(([oid, some]): readonly [string, Answer] => {
    const holding = [...found.get(oid)!].flatMap((tip) => placeOf.get(tip) ?? [])
    return [oid, { paths: askable(some), holding }]
  })
  return { tips, answers }
}
