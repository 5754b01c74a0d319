// Whether a value is what a JSON Schema describes, in the words that report.schema.json uses and no others. A report
// may come from anywhere: what reporters rely on is checked here, against the one description that is published.

import type { Report } from '../types.ts'

/** A JSON Schema (draft 2020-12), or the part of it that stands in one place. */
export type Schema = { readonly [word: string]: unknown }

/** The first thing that is not as described, as `findings[3].evidence: …`; undefined where all is. */
export function firstProblem(value: unknown, schema: Schema): string | undefined {
  const definitions = schema.$defs as Readonly<Record<string, Schema>>
  return new Check(definitions).problem(value, schema, '')
}

/** Names from outside (`rules`, `counts`) may be `__proto__`: there they are names like any other. */
export const withoutPrototypes = (report: Report): Report => ({
  ...report,
  acceptedFindings: report.acceptedFindings ?? [],
  rules: bare(report.rules),
  counts: bare(report.counts),
})

const bare = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.assign(Object.create(null) as Record<string, T>, record)

class Check {
  private readonly definitions: Readonly<Record<string, Schema>>
  constructor(definitions: Readonly<Record<string, Schema>>) {
    this.definitions = definitions
  }

  problem(value: unknown, schema: Schema, at: string): string | undefined {
    if (typeof schema.$ref === 'string') {
      const found = this.problem(value, this.definitions[schema.$ref.slice('#/$defs/'.length)]!, at)
      if (found !== undefined) return found
    }
    const wrong = simple(value, schema)
    if (wrong !== undefined) return `${at === '' ? 'the report' : at} ${wrong}`
    if (Array.isArray(value)) return this.entries(value, schema, at) ?? this.oneOf(value, schema, at)
    const isObject = typeof value === 'object' && value !== null
    const inside = isObject ? this.fields(value as Record<string, unknown>, schema, at) : undefined
    return inside ?? this.oneOf(value, schema, at)
  }

  private entries(value: readonly unknown[], { items, minItems }: Schema, at: string): string | undefined {
    if (typeof minItems === 'number' && value.length < minItems) return `${at} is empty`
    if (items === undefined) return undefined
    for (const [index, one] of value.entries()) {
      const found = this.problem(one, items as Schema, `${at}[${index}]`)
      if (found !== undefined) return found
    }
    return undefined
  }

  private fields(value: Record<string, unknown>, schema: Schema, at: string): string | undefined {
    const {
      required = [],
      properties = {},
      additionalProperties,
    } = schema as {
      required?: readonly string[]
      properties?: Readonly<Record<string, Schema>>
      additionalProperties?: Schema
    }
    for (const name of required)
      if (!Object.hasOwn(value, name)) return `${at === '' ? 'the report' : at} has no "${name}"`
    for (const [name, one] of Object.entries(value)) {
      const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
      const found = known && this.problem(one, known, at === '' ? name : `${at}.${name}`)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Told by the alternative that goes furthest: its kind is the one that was meant. */
  private oneOf(value: unknown, { oneOf }: Schema, at: string): string | undefined {
    if (oneOf === undefined) return undefined
    const problems = (oneOf as readonly Schema[]).map((schema) => this.problem(value, schema, at))
    if (problems.includes(undefined)) return undefined
    return problems.find((problem) => !/(?:\.kind|\.state) is not /.test(problem!)) ?? problems[0]
  }
}

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

function simple(value: unknown, schema: Schema): string | undefined {
  const { type, minimum, pattern } = schema
  const fits = type === undefined || type === typeOf(value) || (type === 'integer' && Number.isSafeInteger(value))
  if (!fits) return `is no ${type}`
  if (schema.const !== undefined && value !== schema.const) return `is not ${JSON.stringify(schema.const)}`
  const words = schema.enum as readonly unknown[] | undefined
  if (words !== undefined && !words.includes(value)) return `is none of ${words.join(', ')}`
  if (typeof minimum === 'number' && typeof value === 'number' && value < minimum) return `is less than ${minimum}`
  if (typeof pattern === 'string' && typeof value === 'string' && !new RegExp(pattern).test(value))
    return `is not of the form ${pattern}`
  return undefined
}
