// Which files are source: by git's word those it tracks or does not ignore; where there is no git, all that no
// node_modules and no dot folder hides. Links are never followed.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AuditError, reasonOf } from '../../errors.ts'
import { git, records } from '../../git/run.ts'
import { clean } from '../../redact.ts'
import type { Files, Missed, Repository, ScanContext } from '../../types.ts'

const source = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|astro)$/i
const hidden = /(?:^|\/)(?:node_modules|\.git)\//

/** Beyond it a project is read in part, and says so. */
const most = { files: 100_000, folders: 50_000 } as const

/** Of all files those whose names say that they hold source code, sorted. */
export function sourcesAmong(found: Files): Files {
  const files = [...new Set(found.files)].filter((path) => source.test(path) && !hidden.test(`/${path}`)).sort()
  if (files.length <= most.files) return { files, missed: found.missed }
  const what = `${files.length - most.files} source files`
  const why = `there are ${files.length}, and no more than ${most.files} are read`
  return {
    files: files.slice(0, most.files),
    missed: [...found.missed, { what, why, next: 'audit its parts one by one' }],
  }
}

/**
 * All files below `root` (absolute) that git tracks or does not ignore; without git all but those in node_modules and
 * most dot folders.
 */
export async function listed(open: ScanContext['repository'], root: string): Promise<Files> {
  try {
    const repo = await open()
    return repo?.workTree === undefined ? await everyFile(root) : await filesOf(repo)
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    const all = await everyFile(root)
    const why = `git could not be asked, so ignored ones were read too: ${error.message}`
    return { ...all, missed: [...all.missed, { what: 'which source files git ignores', why, next: error.hint ?? '' }] }
  }
}

async function filesOf(repo: Repository): Promise<Files> {
  const below = repo.prefix === '' ? [] : ['--', repo.prefix]
  const files: string[] = []
  for (const which of [['--cached'], ['--others', '--exclude-standard']])
    for await (const some of records(git(repo, ['ls-files', '-z', ...which, ...below]), '\0'))
      for (const path of some) files.push(Buffer.from(path, 'latin1').toString('utf8').slice(repo.prefix.length))
  return { files, missed: [] }
}

/** Dot folders that people write in, as opposed to caches and outputs. */
const written = new Set(
  '.github .gitlab .circleci .husky .vscode .cursor .claude .codex .gemini .agents .windsurf .clinerules .devcontainer .storybook .vitepress .vuepress .config'.split(
    ' ',
  ),
)

const isCache = (name: string): boolean => name.startsWith('.') && !written.has(name)

async function everyFile(root: string): Promise<Files> {
  const files: string[] = []
  const missed: Missed[] = []
  const open = ['']
  let seen = 0
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (++seen > most.folders) {
      const why = `there are more than ${most.folders} folders`
      missed.push({ what: 'source files in other folders', why, next: 'audit its parts one by one' })
      break
    }
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      const what = `the folder ${clean(folder === '' ? '.' : folder)}`
      missed.push({ what, why: reasonOf(error), next: 'check its permissions' })
      return []
    })
    for (const entry of entries) {
      if (entry.isFile()) files.push(folder + entry.name)
      else if (entry.isDirectory() && entry.name !== 'node_modules' && !isCache(entry.name))
        open.push(`${folder}${entry.name}/`)
    }
  }
  return { files, missed }
}
