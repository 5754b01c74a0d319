// Values of a configuration: each kind of field takes its own and refuses the rest in words that name the place and what
// belongs there. Which fields there are, config-fields.ts says.

import { nearest } from './names/nearest.ts'
import { isObject } from './project/json.ts'
import { urlOf } from './url.ts'

/** A value that its field does not take. */
export class FieldError extends Error {
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

/** @throws FieldError; `at` names the place for it, as `exceptions[2].reason`. */
export type Field<T> = (value: unknown, at: string) => T

/** Only known fields, each checked; absent ones stay absent. */
export function record<const F extends Readonly<Record<string, Field<unknown>>>>(
  value: unknown,
  at: string,
  fields: F,
): { [K in keyof F]?: ReturnType<F[K]> } {
  if (!isObject(value)) throw wrong(at, value, `an object with ${Object.keys(fields).join(', ')}`)
  const checked: Record<string, unknown> = {}
  for (const [name, given] of Object.entries(value)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const path = at === '' ? name : `${at}.${name}`
    if (field === undefined) {
      const meant = nearest(name, Object.keys(fields))
      const known = `known fields: ${Object.keys(fields).join(', ')}`
      throw new FieldError(`has an unknown field "${path}"`, meant ? `did you mean "${meant}"?` : known)
    }
    checked[name] = field(given, path)
  }
  return checked as { [K in keyof F]?: ReturnType<F[K]> }
}

export function wrong(at: string, given: unknown, takes: string): FieldError {
  const shown = JSON.stringify(given) ?? 'undefined'
  return new FieldError(`"${at}" is ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}`, `it takes ${takes}`)
}

export function boolean(value: unknown, at: string): boolean {
  if (typeof value !== 'boolean') throw wrong(at, value, 'true or false')
  return value
}

export function text(what: string): Field<string> {
  return (value, at) => {
    if (typeof value !== 'string' || value === '') throw wrong(at, value, what)
    return value
  }
}

export function httpUrl(value: unknown, at: string): string {
  const url = typeof value === 'string' ? urlOf(value) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href
  // It may hold a password: it is not repeated.
  throw new FieldError(`"${at}" is no address of a registry`, 'it takes an http(s) URL, as https://registry.example/')
}

export function count(unit: string): Field<number> {
  return (value, at) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    throw wrong(at, value, `a whole number of ${unit}`)
  }
}

export function id(what: string): Field<string> {
  return (value, at) => {
    if (typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)) return value
    throw wrong(at, value, what)
  }
}

export function day(value: unknown, at: string): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) {
    const time = new Date(`${value}T00:00:00Z`)
    if (!Number.isNaN(time.getTime()) && time.toISOString().startsWith(value)) return value
  }
  throw wrong(at, value, 'a day, as "2030-01-31"')
}

export function oneOf<const T extends string>(allowed: readonly T[]): Field<T> {
  return (value, at) => {
    const known = allowed.find((one) => one === value)
    if (known === undefined) throw wrong(at, value, `one of ${allowed.join(', ')}`)
    return known
  }
}

export function listOf<T>(item: Field<T>, what: string): Field<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw wrong(at, value, `a list of ${what}`)
    return value.map((entry, index) => item(entry, `${at}[${index}]`))
  }
}
