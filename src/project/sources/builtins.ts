// Methods that arrays and strings have without anybody's help: what this Node's own prototypes hold, and what the
// ECMAScript 2023 to 2026 editions and near proposals (stage 3) name, for the scanned code may run on a newer one.

/** Also what every object has. Frozen names, never read from the scanned project. */
export const builtinMethods: Readonly<Record<'array' | 'string', ReadonlySet<string>>> = {
  array: new Set([
    ...Object.getOwnPropertyNames(Array.prototype),
    ...Object.getOwnPropertyNames(Object.prototype),
    ...['findLast', 'findLastIndex', 'toReversed', 'toSorted', 'toSpliced', 'with', 'group', 'groupToMap'],
  ]),
  string: new Set([
    ...Object.getOwnPropertyNames(String.prototype),
    ...Object.getOwnPropertyNames(Object.prototype),
    ...['isWellFormed', 'toWellFormed', 'codePoints'],
  ]),
}
