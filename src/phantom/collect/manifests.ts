// Names in package.json beyond its dependency fields: commands in scripts, and the configuration of tools that may stand
// there. (What the dependency fields ask for, the project's manifests already say.)

import type { TextFile } from '../../project/texts.ts'
import type { Mention } from '../mentions.ts'
import { commandMentions, type Shell } from './commands.ts'
import { embeddedConfigMentions } from './configs.ts'
import { literals } from './literals.ts'
import { placer } from './place.ts'

export function manifestMentions({ path, text }: TextFile): Mention[] {
  const place = placer(text)
  const all = literals(text)
  const shell: Shell = { path, from: 'script', place }
  const commands = all.filter(
    ({ path: way, isKey }) => !isKey && (way[0] === 'scripts' || way[0] === 'lint-staged' || way[0] === 'husky'),
  )
  return [
    ...commands.flatMap(({ value, at }) => commandMentions(value, shell, at)),
    ...embeddedConfigMentions(path, all, place),
  ]
}
