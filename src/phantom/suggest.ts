// "Did you mean", from what lies on this machine: known inventions, the popular names, and those the project already uses.
// No name is made up and none is asked for.

import { findLookalikes } from '../names/lookalikes.ts'
import { nearest } from '../names/nearest.ts'
import { loadPopular } from '../names/popular.ts'
import { scopeOf, wordsOf } from '../names/words.ts'

export type Suggest = (name: string) => Promise<string | undefined>

/**
 * The package that a name which does not exist most likely stands for: the known counterpart of an invention; a popular
 * name that it is spelled like; one of the project's own that is near, or has the same words; the popular name that has
 * most of its words.
 * @param existing names the project uses and the registry knows.
 */
export async function suggest(name: string, existing: Iterable<string>): Promise<string | undefined> {
  const used = [...existing]
  // With the parser of its list: most runs have nothing to suggest.
  const { counterpart } = await import('./inventions.ts')
  const known = counterpart(name)
  if (known !== undefined) return known
  const lookalikes = await findLookalikes(name)
  // A scope's family names any of its members: enough to warn, not enough to point at one.
  const popular = lookalikes.find(({ kind }) => kind !== 'scope-family')
  if (popular !== undefined) return popular.target
  const { names } = await loadPopular()
  return nearest(name, used) ?? inScope(name, used) ?? sameWords(name, used) ?? sameWords(name, names)
}

/** `react-query` where the project uses `@tanstack/react-query`: the scope that it probably has. */
function inScope(name: string, used: readonly string[]): string | undefined {
  const bare = scopeOf(name) === '' ? name : name.slice(name.indexOf('/') + 1)
  return used.find(
    (one) => one !== name && (one === bare || (scopeOf(one) !== '' && one.slice(one.indexOf('/') + 1) === bare)),
  )
}

/** Too common to say which package is meant. */
const dull = new Set(
  'js ts node npm lib core api app cli sdk client plugin utils util helper helpers tool tools react vue the for and of with get to use'.split(
    ' ',
  ),
)

/** The first (most popular) of those that share the most words: at least two, and at least half of all. */
function sameWords(name: string, candidates: Iterable<string>): string | undefined {
  const words = new Set(wordsOf(name.toLowerCase()))
  const telling = [...words].filter((word) => !dull.has(word) && word.length > 2)
  if (words.size < 2 || telling.length === 0) return undefined
  let best: string | undefined
  let bestScore = 0.5
  for (const candidate of candidates) {
    if (candidate === name || !telling.some((word) => candidate.includes(word))) continue
    const other = new Set(wordsOf(candidate))
    let shared = 0
    let told = 0
    for (const word of other)
      if (words.has(word)) {
        shared++
        if (!dull.has(word)) told++
      }
    const score = shared / (words.size + other.size - shared)
    if (shared >= 2 && told >= 1 && score > bestScore) {
      best = candidate
      bestScore = score
    }
  }
  return best
}
