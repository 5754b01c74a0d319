// Names that assistants and people make up again and again, with the package that really provides the thing. The list
// is data, signatures/phantoms.toml; a name that does exist is never judged by it.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'smol-toml'
import { lazily } from '../names/lazily.ts'

export interface Invention {
  readonly name: string
  readonly meant: string
  /** Why somebody would expect the invented name, and why it is the other. */
  readonly why: string
}

const file = fileURLToPath(new URL('../../signatures/phantoms.toml', import.meta.url))

/** All of the file. Throws where it is broken: it is ours, and a test reads it. */
export function inventions(text: string = readFileSync(file, 'utf8')): readonly Invention[] {
  const { phantom } = parse(text)
  if (!Array.isArray(phantom)) throw new Error('phantoms.toml holds no [[phantom]] table')
  return phantom.map((entry) => {
    const { name, meant, why } = entry as Record<string, unknown>
    if (typeof name !== 'string' || typeof meant !== 'string' || typeof why !== 'string')
      throw new Error('a [[phantom]] has a name, the package that is meant, and why')
    return { name, meant, why }
  })
}

const byName = lazily(() => new Map(inventions().map(({ name, meant }) => [name, meant])))

/** The real package behind a well-known invention. */
export const counterpart = (name: string): string | undefined => byName().get(name)
