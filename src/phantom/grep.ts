// `git grep` over the files of one commit: which lines hold a name. What they mean by it is the asker's to judge.

import { collect } from '../git/run.ts'
import type { Repository } from '../types.ts'

export interface GrepLine {
  /** Relative to the audited folder, with forward slashes. */
  readonly path: string
  readonly number: number
  readonly text: string
}

/**
 * The lines of a commit's text files, below the audited folder, that hold one of the texts. A text that has a line break
 * or is empty cannot be looked for.
 * @throws AuditError GIT_FAILED
 */
export async function linesWith(
  repo: Repository,
  commit: string,
  texts: readonly string[],
): Promise<Iterable<GrepLine>> {
  // The dashes in any case: a file may be called as the commit is.
  const below = ['--', ...(repo.prefix === '' ? [] : [repo.prefix])]
  const args = ['grep', '-I', '-F', '-n', '-z', '--full-name', '--no-color', '-f', '-', commit, ...below]
  const input = [Buffer.from(texts.map((text) => `${text}\n`).join(''))]
  // Exit code 1: nothing was found.
  const output = await collect(repo, args, { input, mayDeny: true })
  return linesIn(output.toString('utf8'), repo.prefix)
}

function* linesIn(output: string, prefix: string): Generator<GrepLine> {
  for (const record of output.split('\n')) {
    const [file = '', number = '', text] = record.split('\0')
    if (text === undefined) continue
    yield { path: file.slice(file.indexOf(':') + 1).slice(prefix.length), number: Number(number), text }
  }
}
