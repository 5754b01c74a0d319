// Catalogs name a range once for all workspaces: pnpm's in pnpm-workspace.yaml, Yarn's in .yarnrc.yml, Bun's in the
// root's package.json. Formats: pnpm.io/catalogs, yarnpkg.com/features/catalogs, bun.com/docs/pm/catalogs.

import { isObject, own } from './json.ts'

/** `catalog\0name` → the range that it names. */
export type Catalogs = ReadonlyMap<string, { readonly range: string; readonly path: string; readonly line: number }>

/** @param block what holds `catalog` and `catalogs`. @param text of the file, for lines. */
export function catalogsIn(block: unknown, path: string, text: string): Catalogs {
  const found = new Map<string, { range: string; path: string; line: number }>()
  if (!isObject(block)) return found
  const named = own(block, 'catalogs')
  const unnamed = own(block, 'catalog')
  if (!isObject(named) && !isObject(unnamed)) return found
  const lineOf = keyLines(text)
  const keep = (catalog: string, entries: unknown, from: number): void => {
    if (!isObject(entries)) return
    for (const [name, range] of Object.entries(entries))
      if (typeof range === 'string') found.set(`${catalog}\0${name}`, { range, path, line: lineOf(name, from) })
  }
  const start = lineOf('catalogs', 1)
  for (const [catalog, entries] of Object.entries(isObject(named) ? named : {}))
    keep(catalog, entries, lineOf(catalog, start))
  keep(plainCatalog, unnamed, lineOf('catalog', 1))
  return found
}

/** What `catalog:` alone means. */
export const plainCatalog = 'default'

/** The first line from `from` on that starts with a key, quoted or not; `from` where none does. */
function keyLines(text: string): (name: string, from: number) => number {
  const lines = new Map<string, number[]>()
  for (const [index, line] of text.split('\n').entries()) {
    const name = /^\s*(['"]?)([^'"]{1,300}?)\1\s*:(?!\S)/.exec(line)?.[2]
    if (name === undefined) continue
    const known = lines.get(name)
    if (known) known.push(index + 1)
    else lines.set(name, [index + 1])
  }
  return (name, from) => lines.get(name)?.find((line) => line >= from) ?? from
}
