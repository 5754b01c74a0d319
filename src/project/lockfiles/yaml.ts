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
    refuseMerges(block, path)
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
 * Lines of the keys at one indentation, by section: `  left@1.0.0:` below `packages:`.
 * @param firstLine of the text in its file.
 */
export function linesOfKeys(text: string, indent: number): ReadonlyMap<string, number> {
  const lines = new Map<string, number>()
  const key = new RegExp(
    `^ {${indent}}(?! )(?:\\? )?('(?:[^']|'')*'|"(?:[^"\\\\]|\\\\.)*"|[^\\s#][^\\n]*?)(?::(?: .*)?)?$`,
  )
  let section = ''
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trimEnd()
    if (line.length > longestLine) continue
    const top = indent === 0 ? undefined : /^([a-zA-Z]+):/.exec(line)
    if (top) section = top[1]!
    const found = top ? undefined : key.exec(line)
    const name = found && `${section}${section && '\0'}${plain(found[1]!)}`
    if (name && !lines.has(name)) lines.set(name, index + 1)
  }
  return lines
}

const longestLine = 65_536

function plain(written: string): string {
  if (written.startsWith("'")) return written.slice(1, -1).replaceAll("''", "'")
  return written.startsWith('"') ? written.slice(1, -1).replace(/\\(.)/g, '$1') : written
}
