// Signatures without a literal of their own, and the generic ones: a name says that its value matters, then the value
// is judged. Names repeat a hundredfold in code, so whom a name concerns is worked out once; values are read after.

import type { Signature } from '../types.ts'
import { type Assignment, AssignmentReader, longestValue } from './assignment.ts'
import { isGeneric } from './generic.ts'
import { requiredLiterals } from './literals.ts'
import type { Candidate } from './match.ts'
import { meaningOf } from './names.ts'
import { once } from './once.ts'

export interface NameProbe {
  readonly signature: Signature
  /** What every name that concerns the signature holds, or one of several such words. */
  readonly word: string
  concerns(name: string): boolean
  /** Compiled when it is first needed. */
  readonly pattern: () => RegExp
}

/** One for each word by which names are found; none for an anchored signature. @param sought words that others need */
export function nameProbes(signature: Signature, sought: ReadonlySet<string>): NameProbe[] {
  const { name } = signature
  if (name === undefined) return []
  const own = {
    signature,
    concerns: isGeneric(signature)
      ? (given: string) => meaningOf(given) === signature.meaning
      : (given: string) => name.test(given),
    pattern: once(() => new RegExp(`^(?:${signature.pattern.source})$`, 'd')),
  }
  return requiredLiterals(name.source, sought).map((word) => ({ word, ...own }))
}

/** The probes of one word, by the names that hold it. Remembers answers, so that a name is judged once. */
export class NamedWord {
  readonly #probes: readonly NameProbe[]
  readonly #known = new Map<string, readonly NameProbe[]>()

  constructor(probes: readonly NameProbe[]) {
    this.#probes = probes
  }

  concernedBy(name: string): readonly NameProbe[] {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const concerned = this.#probes.filter((probe) => probe.concerns(name))
    if (this.#known.size >= mostRemembered) this.#known.clear()
    this.#known.set(name, concerned)
    return concerned
  }
}

const mostRemembered = 20_000

/** Judges the assignments of one text. Each is read once, however many words its name holds: their hits are neighbours. */
export class NameReader {
  readonly #assignments: AssignmentReader
  #nameEnd = -1
  #name = ''
  #assignment: Assignment | undefined | 'unread'
  /** Signatures that have judged it already, through another word of the same name. */
  #judged: Signature[] = []

  constructor(bytes: Buffer) {
    this.#assignments = new AssignmentReader(bytes)
  }

  /** Adds what the word's signatures find in the assignment whose name holds the byte before `wordEnd`. */
  run(word: NamedWord, wordEnd: number, found: Candidate[]): void {
    const nameEnd = this.#assignments.nameEnd(wordEnd)
    if (nameEnd === -1) return
    if (nameEnd !== this.#nameEnd) {
      this.#nameEnd = nameEnd
      this.#name = this.#assignments.name(nameEnd)
      this.#assignment = 'unread'
      this.#judged = []
    }
    for (const probe of word.concernedBy(this.#name)) {
      if (this.#assignment === 'unread') this.#assignment = this.#assignments.read(nameEnd)
      if (this.#assignment === undefined) return
      if (this.#judged.includes(probe.signature)) continue
      this.#judged.push(probe.signature)
      judge(probe, this.#assignment, found)
    }
  }
}

function judge({ signature, pattern }: NameProbe, assignment: Assignment, found: Candidate[]): void {
  const span = secretIn(signature, pattern, assignment)
  if (span === undefined) return
  const { start, from, to, name, form } = assignment
  const value = assignment.value.slice(span[0], span[1])
  found.push({ rule: signature.id, start: start + span[0], end: start + span[1], from, to, value, name, form })
}

/** Where in the assignment's value the secret stands. */
function secretIn(
  signature: Signature,
  pattern: () => RegExp,
  assignment: Assignment,
): readonly [number, number] | undefined {
  const { value } = assignment
  if (isGeneric(signature)) {
    const inner = value[0] === '$' ? fallback.exec(value)?.indices?.[1] : undefined
    const span = inner ?? ([0, value.length] as const)
    const given = inner === undefined ? assignment : { ...assignment, value: value.slice(...span) }
    return signature.accepts({ value: given.value, assignment: given }) ? span : undefined
  }
  if (value.length > (signature.after ?? longestValue)) return undefined
  return pattern().exec(value)?.indices?.groups?.secret
}

/** What a variable is replaced by where it is not set: `${DB_PASSWORD:-…}`, in Spring's files `${db.password:…}`. */
const fallback = /^\$\{[\w.]{1,64}:-?([^{}$]+)\}?$/d
