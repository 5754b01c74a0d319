// The YAML that package managers write: block mappings of texts, no anchors, no tags. It is read by js-yaml (the
// parser that pnpm and Yarn use themselves, so that both sides see the same file) through @yarnpkg/parsers, under
// the failsafe schema: every scalar is text and tags are refused. `yaml` takes 1.5 s for the 5,000 packages that
// this reads in 0.1 s.

import { isObject, own } from '../json.ts'
import { invalid, parsedBy } from './source.ts'

export type Block = Record<string, unknown>

/** More than pnpm's two documents nobody writes. */
const maximumDocuments = 4

/**
 * The documents of a file, each a mapping.
 * @throws AuditError LOCKFILE_INVALID: no YAML, no mapping, nested without end, or a merge key, which the managers'
 * parsers would resolve and this one would not.
 */
export async function parseYaml(text: string, path: string): Promise<readonly { block: Block; firstLine: number }[]> {
  const { parseSyml } = await import('@yarnpkg/parsers')
  const parts = documentsOf(text)
  if (parts.length > maximumDocuments) throw invalid(path, `holds more than ${maximumDocuments} YAML documents`)
  return parts.map(({ part, firstLine }) => {
    // At the very start yarn 1's header would call the slow parser of its format instead.
    const parse = (): unknown => parseSyml(`\n${part}`)
    const block = parsedBy(parse, path, 'YAML that a package manager writes', firstLine - 1)
    if (!isObject(block)) throw invalid(path, 'holds no YAML mapping')
    if (part.includes('<<')) refuseMerges(block, path)
    return { block, firstLine }
  })
}

/** At the start of a line, `---` is a document's mark in every context, quoted texts among them. */
function documentsOf(text: string): { part: string; firstLine: number }[] {
  const parts: { part: string; firstLine: number }[] = []
  let firstLine = 1
  for (const part of text.split(/^---(?=\s)/m)) {
    if (/^[^\S\n]*[^\s#]/m.test(part)) parts.push({ part, firstLine })
    firstLine += part.split('\n').length - 1
  }
  return parts
}

/** Down to the fields of an entry: deeper nothing is read. */
function refuseMerges(block: Block, path: string): void {
  let level: Block[] = [block]
  for (let depth = 0; depth < 5 && level.length > 0; depth++) {
    if (level.some((one) => own(one, '<<') !== undefined)) throw invalid(path, 'holds a merge key ("<<")')
    // An alias makes one block stand in many places: looking at it once is enough, and a loop ends.
    level = [...new Set(level.flatMap((one) => Object.values(one).filter(isObject)))]
  }
}

/**
 * Lines of the keys at one indentation, by section where it is not the outermost: `packages\0left@1.0.0` for
 * `  left@1.0.0:` below `packages:`.
 */
export function linesOfKeys(text: string, indent: 0 | 2): ReadonlyMap<string, number> {
  const lines = new Map<string, number>()
  let section = ''
  let line = 0
  for (let at = 0; at < text.length; ) {
    line++
    const newline = text.indexOf('\n', at)
    const end = newline === -1 ? text.length : newline
    const depth = indentOf(text, at)
    if (depth === 0 && indent > 0) section = sectionName.exec(text.slice(at, Math.min(end, at + 80)))?.[1] ?? section
    else if (depth === indent && end - at < longestLine) {
      const name = key.exec(text.slice(at + indent, end).trimEnd())?.[1]
      const id = name && (indent === 0 ? plain(name) : `${section}\0${plain(name)}`)
      if (id && !lines.has(id)) lines.set(id, line)
    }
    at = end + 1
  }
  return lines
}

const longestLine = 65_536
const sectionName = /^([a-zA-Z]+):/
const key = /^(?:\? )?('(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|[^\s#].*?)(?::(?: .*)?)?$/

/** Spaces before the first other character; at most 3, for nobody asks for more. */
function indentOf(text: string, from: number): number {
  let at = from
  while (at - from < 3 && text.charCodeAt(at) === 0x20) at++
  return at - from
}

function plain(written: string): string {
  if (written.startsWith("'")) return written.slice(1, -1).replaceAll("''", "'")
  return written.startsWith('"') ? written.slice(1, -1).replace(/\\(.)/g, '$1') : written
}
