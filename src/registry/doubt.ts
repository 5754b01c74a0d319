// A registry that knows nothing, not even what everybody uses, has not been reached: a mirror's address without its path,
// or a proxy that answers for it. Its "not here" is no answer, or a whole project would read as made up.

import { loadPopular } from '../names/popular.ts'
import type { Answer, Existence } from '../types.ts'

/** Who gets its 404 for one of these has asked somebody else. */
const mostPopular = 1_000

const hasShown: ReadonlySet<string> = new Set<Existence['state']>(['exists', 'unpublished', 'security-held'])

type Unreachable = Extract<Existence, { state: 'unreachable' }>

/** Gives an answer back, or says why it is none. */
export type Doubt = <T extends Answer | Existence>(answer: T) => T | Unreachable

/** @param asked names and what became of them, of whichever registries, in one run. */
export async function doubtOf(asked: Iterable<readonly [string, Answer | Existence]>): Promise<Doubt> {
  const given = [...asked]
  const knowing = new Set(given.flatMap(([, answer]) => (hasShown.has(answer.state) ? registryOf(answer) : [])))
  const absent = given.flatMap(([name, answer]) =>
    answer.state === 'not-found' && !knowing.has(answer.registry) ? [{ name, registry: answer.registry }] : [],
  )
  if (absent.length === 0) return (answer) => answer
  const { rank } = await loadPopular()
  const popular = absent.filter(({ name }) => (rank.get(name) ?? mostPopular) < mostPopular)
  const examples = new Map(popular.map(({ name, registry }) => [registry, name]))
  return (answer) => {
    const example = answer.state === 'not-found' ? examples.get(answer.registry) : undefined
    return answer.state === 'not-found' && example !== undefined ? unreached(answer.registry, example) : answer
  }
}

function registryOf(answer: Answer | Existence): string[] {
  if ('facts' in answer) return [answer.facts.registry]
  return 'registry' in answer ? [answer.registry] : []
}

const unreached = (registry: string, example: string): Unreachable => ({
  state: 'unreachable',
  registry,
  why: `${new URL(registry).host}: it answers 404 for everything, even ${example}`,
  next: 'check the registry URL in your .npmrc (a mirror may need a path), and whether a proxy stands in between',
})
