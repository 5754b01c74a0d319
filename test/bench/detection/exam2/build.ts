// Turns a template of the second exam into a file with labels. In a template
//   {{!kind=value}}  is a secret, {{:class=value}} a trap, ‹class=value› a trap with braces in its value;
//   value            is `'literal` or a generator, with a length where it takes one (hex32);
//   @way             rewrites the value (esc, b64, rev, ...); #name:0-12 is a piece of one value standing in several places;
//   $~{              is written as dollar and brace, ´ as a backtick (neither can stand in String.raw).
// The kind `neutral` counts neither way. An obfuscated secret is labelled from the start of its line, for a finder may
// point at the whole expression.
import { Draw, plain } from './draw.ts'
import { keys } from './keys.ts'
import { tokens } from './mint.ts'

/** One file of an exam as its author writes it. */
export interface Template {
  readonly path: string
  readonly text: string
}

/** One labelled stretch of a built file: offsets in characters, `end` exclusive. */
export interface Label {
  readonly secret: boolean
  readonly kind: string
  readonly value: string
  readonly start: number
  readonly end: number
}

export interface ExamFile {
  readonly path: string
  readonly text: string
  readonly labels: readonly Label[]
}

const ways: Readonly<Record<string, (value: string) => string>> = {
  esc: (v) => v.replaceAll('\n', '\\n'),
  b64: (v) => Buffer.from(v).toString('base64'),
  hexed: (v) => Buffer.from(v).toString('hex'),
  rev: (v) => [...v].reverse().join(''),
  pct: (v) => encodeURIComponent(v),
  in4: (v) => v.replaceAll('\n', '\n    '),
  in6: (v) => v.replaceAll('\n', '\n      '),
  flat: (v) => v.replaceAll('\n', ''),
  quoted: (v) => v.replaceAll('\n', '\\n" +\n    "'),
  codes: (v) => [...v].map((c) => c.charCodeAt(0)).join(', '),
  user: (v) => Buffer.from(`svc-deploy:${v}`).toString('base64'),
}

/** Builds one file; throws on a generator or rewriting that does not exist, so that a template cannot fail silently. */
export function build(template: Template, seed: number): ExamFile {
  const draw = new Draw(seed)
  const named = new Map<string, string>()
  const labels = new Map<string, Label>()
  const source = template.text.replace(/^\n/, '').replaceAll('$~{', '${').replaceAll('´', '`')
  let text = ''
  let at = 0
  for (const mark of source.matchAll(/\{\{!([^=}]+)=([^}]*)\}\}|\{\{:([^=}]+)=([^}]*)\}\}|‹([^=›]+)=([^›]*)›/g)) {
    text += source.slice(at, mark.index)
    at = mark.index + mark[0].length
    const secret = mark[1] !== undefined
    const { value, name } = resolve(mark[2] ?? mark[4] ?? mark[6]!, draw, named)
    const id = name ?? `@${mark.index}`
    const start = labels.get(id)?.start ?? (mark[1] === 'obfuscated' ? text.lastIndexOf('\n') + 1 : text.length)
    text += value
    labels.set(id, {
      secret,
      kind: mark[1] ?? mark[3] ?? mark[5]!,
      value: named.get(id) ?? value,
      start,
      end: text.length,
    })
  }
  return { path: template.path, text: text + source.slice(at), labels: [...labels.values()] }
}

function resolve(spec: string, draw: Draw, named: Map<string, string>): { value: string; name: string | undefined } {
  if (spec.startsWith("'")) return { value: spec.slice(1), name: undefined }
  const parts = /^([A-Za-z]+)(\d*)(?:@(\w+))?(?:#(\w+):(\d+)-(\d*))?$/.exec(spec)
  if (parts === null) throw new Error(`exam 2: cannot read the value "${spec}"`)
  const [, generator, length, way, name, from, to] = parts
  const whole = (name && named.get(name)) ?? rewrite(generate(generator!, Number(length), draw), way)
  if (!name) return { value: whole, name: undefined }
  named.set(name, whole)
  return { value: whole.slice(Number(from), to ? Number(to) : undefined), name }
}

function rewrite(value: string, way: string | undefined): string {
  if (way === undefined) return value
  const change = ways[way]
  if (!change) throw new Error(`exam 2: no rewriting "${way}"`)
  return change(value)
}

function generate(name: string, length: number, draw: Draw): string {
  const all: Readonly<Record<string, (d: Draw, n: number) => string>> = { ...plain, ...tokens, ...keys }
  const make = all[name]
  if (!make) throw new Error(`exam 2: no generator "${name}"`)
  return make(draw, length || 32)
}
