// The project's source files and whom they name, parsed once for all who ask. The parser is native code that a hostile
// file can crash, so it runs in children of this process: what kills one is named as missed, and the rest is read.

import { realpath } from 'node:fs/promises'
import { clean } from '../redact.ts'
import type { Missed, ScanContext, SourceFile, Sources } from '../types.ts'
import type { SourceQuestion } from './sources/child.ts'
import { askChildren } from './sources/children.ts'
import { sourcesAmong } from './sources/list.ts'
import type { Outcome } from './sources/parse.ts'

type Given = Pick<ScanContext, 'root' | 'files' | 'progress'>

/**
 * Reads the JavaScript and TypeScript files (also the scripts of Vue, Svelte and Astro files) below `root` (absolute)
 * that git does not ignore; nothing in node_modules. Runs nothing of them. Never throws for what a file holds: what was
 * not read is in `missed`, what needs no reading (minified files) is counted.
 */
export async function readSources({ root, files: list, progress }: Given): Promise<Sources> {
  const [found, real] = await Promise.all([list(), realpath(root)])
  const { files: paths, missed: unlisted } = sourcesAmong(found)
  const questions = paths.map((path): SourceQuestion => ({ root: real, path }))
  const answered = await askChildren<SourceQuestion, Outcome>(
    new URL('./sources/child.js', import.meta.url),
    questions,
    {
      batchSize: 40,
      worthTwo: 150,
      onDone: (done) => progress('reading source files', done, paths.length),
    },
  )
  const files: SourceFile[] = []
  const missed: Missed[] = [...unlisted]
  const counts = new Map<string, number>()
  for (const [index, one] of answered.entries()) {
    const outcome = 'answer' in one ? one.answer : { missed: one.failed }
    if (outcome.file) files.push(outcome.file)
    if (outcome.missed) missed.push({ what: clean(paths[index]!), ...outcome.missed })
    if (outcome.skipped) counts.set(outcome.skipped, (counts.get(outcome.skipped) ?? 0) + 1)
  }
  return { files, missed, counts: Object.fromEntries(counts) }
}
