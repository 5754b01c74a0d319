// Secrets that a program puts together: `'gh' + 'p_…'`, `[…].join('')`, templates over constants,
// `atob(…)`. Each constant expression that is more than a literal becomes the text it stands for; where it is all that
// a name is set to, it becomes an assignment, so that rules which go by names can judge it.

import type { Span } from '../redact.ts'
import { type Evaluated, Evaluator, gap } from './evaluate.ts'
import { longestProgram } from './fold-hint.ts'
import { latin1 } from './latin1.ts'
import { Kind, type Tokens, tokenize } from './tokens.ts'

export interface Folded extends Span {
  /** latin1: what the expression comes to. `\n` stands for what is not known. */
  readonly value: string
  /** `array join`, `concatenation, base64`, … */
  readonly how: string
  /** What it is assigned to, if it is the whole of what is assigned. */
  readonly name?: string
  /** Pieces of it that stand outside [start, end). */
  readonly elsewhere: readonly Span[]
}

const shortestValue = 5

/** Every constant expression that is more than a literal. Never throws, whatever the text is; linear. */
export function* fold(bytes: Buffer): Generator<Folded> {
  if (bytes.length > longestProgram) return
  const tokens = tokenize(latin1(bytes, 0, bytes.length))
  const evaluator = new Evaluator(tokens)
  for (let at = 0; at < tokens.count; ) {
    const found = goesOn(tokens, at) && mayBegin(tokens, evaluator, at) ? evaluator.evaluate(at) : undefined
    if (found === undefined) {
      at++
      continue
    }
    const { value, next, steps } = found
    const isName = next === at + 1 && tokens.kind[at] === Kind.name
    if (typeof value === 'string' && steps.length > 0 && !isName && value.length >= shortestValue)
      yield folded(tokens, at, found)
    // An array or a number as such says nothing, but what stands in the array may.
    at = typeof value === 'string' || steps.length === 0 ? next : at + 1
  }
  for (const { at, ...found } of evaluator.appended()) {
    // A counter comes to a number, which is no text.
    if (typeof found.value === 'string' && found.value.length >= shortestValue) yield folded(tokens, at, found)
  }
}

/** Most names and literals stand alone: then they come to what they are, which says nothing. */
function goesOn({ kind, text, start, end, count }: Tokens, at: number): boolean {
  if (kind[at] !== Kind.name && kind[at] !== Kind.string) return true
  if (at + 1 < count && (kind[at + 1] !== Kind.mark || !',;:)]}=|>*/-^~@#'.includes(text[start[at + 1]!]!))) return true
  return kind[at] === Kind.string && text.slice(start[at], end[at]).includes('{')
}

function mayBegin({ kind, text, start, end, partner }: Tokens, evaluator: Evaluator, at: number): boolean {
  const own = kind[at]
  if (own === Kind.name) return text[start[at]! - 1] !== '.' && evaluator.knows(text.slice(start[at], end[at]))
  if (own !== Kind.mark) return own === Kind.string || own === Kind.template
  if (partner[at] === -1 || !'[('.includes(text[start[at]!]!)) return false
  if (at === 0) return true
  // Behind a value brackets are an index or arguments, not a list or a group.
  if (kind[at - 1] === Kind.mark) return !')]'.includes(text[start[at - 1]!]!)
  return (
    kind[at - 1] === Kind.name && /^(?:return|case|yield|await|of|in)$/.test(text.slice(start[at - 1], end[at - 1]))
  )
}

function folded(tokens: Tokens, at: number, { value, next, steps, elsewhere }: Evaluated): Folded {
  const span = { start: tokens.start[at]!, end: tokens.end[next - 1]! }
  const name = value.toString().includes(gap) || !endsValue(tokens, next) ? undefined : nameBefore(tokens, at)
  const others = elsewhere.map(([first, behind]) => ({ start: tokens.start[first]!, end: tokens.end[behind - 1]! }))
  return { ...span, value: value as string, how: steps.join(', '), ...(name && { name }), elsewhere: others }
}

/** Is the expression over, or is it a part of a longer one? */
function endsValue({ kind, text, start, end, count }: Tokens, next: number): boolean {
  if (next >= count || (kind[next] === Kind.mark && ';,)}]'.includes(text[start[next]!]!))) return true
  return kind[next] !== Kind.mark && text.slice(end[next - 1], start[next]).includes('\n')
}

/** `name =`, `name: Type =`, `name:`, `'name':`, `x.name =`, and any of them with `something ||` behind. */
function nameBefore({ kind, text, start, end }: Tokens, at: number): string | undefined {
  const mark = (token: number): string => (kind[token] === Kind.mark ? text[start[token]!]! : '')
  let last = at - 1
  // b'…', f"…", @"…"
  if (end[last] === start[at] && (mark(last) === '@' || (kind[last] === Kind.name && end[last]! - start[last]! <= 2)))
    last--
  if (mark(last) === '(') last--
  if ('|?'.includes(mark(last) || ' ') && mark(last) === mark(last - 1)) {
    last -= 2
    while (
      at - last < 16 &&
      (kind[last] === Kind.name || kind[last] === Kind.string || '.[]?'.includes(mark(last) || ' '))
    )
      last--
  }
  if (mark(last) !== '=' && mark(last) !== ':') return undefined
  if (mark(last) === '=' && kind[last - 1] === Kind.name && mark(last - 2) === ':') last -= 2
  else if (mark(last) === '=' && mark(last - 1) === ':') last--
  const owner = last - 1
  if (kind[owner] !== Kind.name && kind[owner] !== Kind.string) return undefined
  const name = text.slice(start[owner], end[owner]).replace(/^["']|["']$/g, '')
  return /^[\w$.-]{1,64}$/.test(name) ? name : undefined
}
