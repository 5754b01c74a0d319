// The project's source files and whom they name, parsed once for all who ask. The parser is native code that a hostile
// file can crash, so it runs in children of this process: what kills one is named as missed, and the rest is read.

import { realpath } from 'node:fs/promises'
import type { Missed, Progress, SourceFile, Sources } from '../types.ts'
import { parseInChildren } from './sources/children.ts'
import { listSources } from './sources/list.ts'

/**
 * Reads the JavaScript and TypeScript files (also the scripts of Vue, Svelte and Astro files) below `root` (absolute)
 * that git does not ignore; nothing in node_modules. Runs nothing of them. Never throws for what a file holds: what was
 * not read is in `missed`, what needs no reading (minified files) is counted.
 */
export async function readSources(root: string, progress: Progress = () => {}): Promise<Sources> {
  const [listed, real] = await Promise.all([listSources(root), realpath(root)])
  const outcomes = await parseInChildren(real, listed.files, (done) =>
    progress('reading source files', done, listed.files.length),
  )
  const files: SourceFile[] = []
  const missed: Missed[] = [...listed.missed]
  const counts = new Map<string, number>()
  outcomes.forEach((outcome, index) => {
    if (outcome.file) files.push(outcome.file)
    if (outcome.missed) missed.push({ what: listed.files[index]!, ...outcome.missed })
    if (outcome.skipped) counts.set(outcome.skipped, (counts.get(outcome.skipped) ?? 0) + 1)
  })
  return { files, missed, counts: Object.fromEntries(counts) }
}
