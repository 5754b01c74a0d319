// Real files have no labels: every finding in a well-kept public repository is a false alarm until somebody has
// looked. This scans folders, counts findings in a thousand files, and lists them masked for that look.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import Table from 'cli-table3'
import { isBinary } from '../../../src/secrets/paths.ts'
import { shippedMatcher } from '../../../src/secrets/text.ts'
import { confidences } from '../../../src/types.ts'
import { type Detection, detect } from './score.ts'

const largestFile = 5_000_000
const mostFiles = 20_000

interface Scanned {
  readonly folder: string
  readonly files: number
  readonly bytes: number
  readonly seconds: number
  readonly found: readonly (Omit<Detection, 'value' | 'start'> & { readonly path: string })[]
}

/** Scans the text files below each folder, `.git` left out. @returns the exit code */
export async function scanFolders(folders: readonly string[], json: string | undefined): Promise<number> {
  const scanned: Scanned[] = []
  for (const folder of folders) scanned.push(await scanFolder(resolve(folder)))
  console.log(tableOf(scanned))
  for (const { folder, found } of scanned) {
    console.log(`\n${folder}`)
    for (const one of found) console.log(`  ${one.confidence}  ${one.rule}  ${one.path}:${one.line}  ${one.excerpt}`)
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(scanned, undefined, 2)}\n`)
  return 0
}

async function scanFolder(folder: string): Promise<Scanned> {
  const matcher = shippedMatcher()
  const started = performance.now()
  const found: Scanned['found'][number][] = []
  let files = 0
  let bytes = 0
  for (const file of filesBelow(folder)) {
    const content = readFileSync(file)
    if (isBinary(content)) continue
    files++
    bytes += content.length
    // node_modules stands in the path of what it holds, as in a repository that committed it.
    const path = relative(join(folder, '..'), file).split(sep).join('/')
    for (const { value: _, start: __, ...detection } of await detect(content, path, matcher))
      found.push({ ...detection, path })
  }
  return { folder, files, bytes, seconds: (performance.now() - started) / 1000, found }
}

/** The same files in the same order on every machine. */
function filesBelow(folder: string): readonly string[] {
  const found: string[] = []
  const visit = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name)
      if (entry.isDirectory() && entry.name !== '.git') visit(path)
      else if (entry.isFile() && statSync(path).size <= largestFile && found.length < mostFiles) found.push(path)
    }
  }
  visit(folder)
  return found
}

function tableOf(scanned: readonly Scanned[]): string {
  const head = [
    'folder',
    'files',
    'MB',
    'MB/s',
    ...[...confidences].reverse().map((level) => `${level} / 1,000`),
    'info',
  ]
  const table = new Table({ head, style: { head: [], border: [] } })
  for (const { folder, files, bytes, seconds, found } of scanned) {
    const alarms = found.filter(({ severity }) => severity !== 'info')
    const rate = (level: string): string => {
      const count = alarms.filter(({ confidence }) => confidence === level).length
      return `${count} (${((1000 * count) / Math.max(1, files)).toFixed(2)})`
    }
    const megabytes = bytes / 1e6
    table.push([
      folder,
      String(files),
      megabytes.toFixed(1),
      (megabytes / seconds).toFixed(0),
      ...[...confidences].reverse().map(rate),
      String(found.length - alarms.length),
    ])
  }
  return table.toString()
}
