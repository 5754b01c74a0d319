// Which names of a program stand for what? By name the tokens where its value begins: of the one assignment, and of
// every `+=`. Names that are set twice are left out: which value counts, only running the program would tell.

import { Kind, type Tokens } from './tokens.ts'

/** `name` → first tokens of its values; `owner.name` for the members of an object literal, and of `this`. */
export function constantsOf(tokens: Tokens): ReadonlyMap<string, readonly number[]> {
  const { text, count, kind, start } = tokens
  const found = new Map<string, number[]>()
  const unclear = new Set<string>()
  const set = (name: string, at: number, appended: boolean): void => {
    const places = found.get(name)
    if (places === undefined) found.set(name, [at])
    else if (appended) places.push(at)
    else unclear.add(name)
    if (places === undefined && appended) unclear.add(name)
  }
  for (let i = 1; i < count; i++) {
    if (kind[i] !== Kind.mark || text[start[i]!] !== '=' || '=>'.includes(text[start[i]! + 1]!)) continue
    const appended = '+.'.includes(text[start[i - 1]!]!) && start[i - 1]! + 1 === start[i]
    const target = appended ? i - 2 : targetOf(tokens, i)
    if (target < 0 || kind[target] !== Kind.name) continue
    const name = nameOf(tokens, target)
    if (name === undefined) continue
    set(name, i + 1, appended)
    if (!appended) for (const [member, at] of members(tokens, i + 1)) set(`${name}.${member}`, at, false)
  }
  for (const name of unclear) found.delete(name)
  return found
}

/** The name left of `=`, over a type: `name: string =`, `name: string[] =`, `name :=`. */
function targetOf({ text, kind, start, partner }: Tokens, equals: number): number {
  let at = equals - 1
  if (text[start[at]!] === ':') return at - 1
  while (at > 0 && equals - at < 6 && kind[at] === Kind.mark && '[]'.includes(text[start[at]!]!)) at--
  if (kind[at] === Kind.name && text[start[at - 1]!] === ':' && kind[at - 2] === Kind.name) return at - 2
  return partner[equals] === -1 ? equals - 1 : -1
}

/** `name`, `this.name`, `self.name`; undefined for a member of anything else. */
function nameOf({ text, start, end }: Tokens, target: number): string | undefined {
  const name = text.slice(start[target], start[target]! + 64).match(/^[\w$\x80-\xff]+/)![0]
  if (text[start[target]! - 1] !== '.') return name
  const owner = text.slice(start[target - 2], end[target - 2])
  return owner === 'this' || owner === 'self' ? `${owner}.${name}` : undefined
}

/** `{ a: …, 'b': …, 'c' => … }`: what each member is set to, where that is a literal. */
function* members({ text, kind, start, end, partner }: Tokens, at: number): Generator<readonly [string, number]> {
  const closing = text[start[at]!] === '{' ? (partner[at] ?? -1) : -1
  for (let i = at + 1; i + 2 < closing; i++) {
    if (partner[i]! > i) {
      i = partner[i]!
      continue
    }
    const isKey = (kind[i] === Kind.name || kind[i] === Kind.string) && ':='.includes(text[start[i + 1]!]!)
    const value = isKey && text[start[i + 2]!] === '>' ? i + 3 : i + 2
    if (isKey && kind[value] === Kind.string)
      yield [
        text
          .slice(start[i], end[i])
          .replace(/^["']|["']$/g, '')
          .slice(0, 64),
        value,
      ]
  }
}
