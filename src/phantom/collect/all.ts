// One collector for each place where a name can stand; this list is all there is to add one.

import { basename } from 'node:path/posix'
import type { TextFile, Texts } from '../../project/texts.ts'
import type { Mention } from '../mentions.ts'
import { configMentions } from './configs.ts'
import { documentMentions } from './documents.ts'
import { type FileKind, isFixture, kindOf } from './kinds.ts'
import { literals } from './literals.ts'
import { manifestMentions } from './manifests.ts'
import { mcpFileMentions } from './mcp.ts'
import { ciMentions, dockerMentions, shellMentions } from './scripts.ts'

const collectors = {
  agent: (file) => documentMentions(file, 'agent'),
  ci: ciMentions,
  config: configMentions,
  docker: dockerMentions,
  document: (file) => documentMentions(file, 'document'),
  mcp: mcpFileMentions,
  shell: shellMentions,
} as const satisfies Record<FileKind, (file: TextFile) => Mention[]>

/** Also package.json, which holds scripts and configuration. */
export const isWanted = (path: string): boolean => basename(path) === 'package.json' || kindOf(path) !== undefined

/** Every mention in files that are neither source code nor a manifest's dependency fields. */
export const textMentions = ({ files }: Pick<Texts, 'files'>): Mention[] =>
  files
    .filter(({ path }) => !isFixture(path))
    .flatMap((file) => {
      if (basename(file.path) === 'package.json') return manifestMentions(file)
      const kind = kindOf(file.path)
      return kind === undefined ? [] : collectors[kind](file)
    })

/** Commands that the repository's own packages bring: `bin` of package.json, a text or a map. */
export const ownCommands = ({ files }: Pick<Texts, 'files'>): string[] =>
  files
    .filter(({ path }) => basename(path) === 'package.json')
    .flatMap(({ text }) => (text.includes('"bin"') ? literals(text) : []))
    .filter(({ path, isKey }) => isKey && path.length === 1 && path[0] === 'bin')
    .map(({ value }) => value)
