// What a value of JSON has to look like to be believed: put together from the smallest parts. A file may hold whatever
// its checksum says it holds.

export type Shape<T> = (value: unknown) => value is T

export const text: Shape<string> = (value): value is string => typeof value === 'string'
export const flag: Shape<boolean> = (value): value is boolean => typeof value === 'boolean'
export const number: Shape<number> = (value): value is number => typeof value === 'number'
/** A count, or a place in a list. */
export const natural: Shape<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0
/** Of a git object, in full. */
export const objectId: Shape<string> = (value): value is string =>
  text(value) && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)

export const oneOf =
  <const T extends string | number>(...all: readonly T[]): Shape<T> =>
  (value): value is T =>
    all.some((one) => one === value)

export const listOf =
  <T>(of: Shape<T>): Shape<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.every(of)

/** A list of that length, each place with a shape of its own. */
export const tupleOf =
  <T extends readonly unknown[]>(...of: { readonly [K in keyof T]: Shape<T[K]> }): Shape<T> =>
  (value): value is T =>
    Array.isArray(value) && value.length === of.length && of.every((shape, index) => shape(value[index]))

/** An object with at least these fields. */
export const objectOf =
  <T extends object>(of: { readonly [K in keyof T]-?: Shape<T[K]> }): Shape<T> =>
  (value): value is T =>
    isRecord(value) && Object.entries<Shape<unknown>>(of).every(([name, shape]) => shape(own(value, name)))

/** An object whose fields, whatever their names, are alike. */
export const recordOf =
  <T>(of: Shape<T>): Shape<Readonly<Record<string, T>>> =>
  (value): value is Readonly<Record<string, T>> =>
    isRecord(value) && Object.values(value).every(of)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const own = (value: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined
