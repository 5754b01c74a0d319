// Whom the package manager would ask, compared with whom we ask: a registry that only the command line or the project
// names is nobody's word, and an install from another registry than the one that was asked is not vetted.

import { homedir } from 'node:os'
import { join } from 'node:path'
import { hostsOf } from '../project/hosts.ts'
import { loadRouting } from '../registry/npmrc.ts'
import type { Config, GuardAction } from '../types.ts'
import { urlOf } from '../url.ts'
import type { Adapter } from './adapters/adapter.ts'
import { type CommandLine, movers } from './commandline.ts'
import type { Reason } from './decide.ts'
import { bytesOfAny } from './place.ts'
import { capture } from './run.ts'

export interface OriginInput {
  readonly adapter: Adapter
  readonly line: CommandLine
  /** Where the manager works. */
  readonly folder: string
  readonly root: string
  readonly config: Config
  readonly environment: NodeJS.ProcessEnv
}

/** Reasons against the registries that the command line and the manager's own settings name. */
export async function foreignOrigins(input: OriginInput): Promise<readonly Reason[]> {
  const action = input.config.guard.foreignRegistry
  if (action === 'allow') return []
  const registry = registryVariable(input.adapter, input.environment) ?? input.config.registry
  const config = { ...input.config, registry }
  const routing = await loadRouting({ root: input.root, config, environment: input.environment })
  const hosts = await hostsOf({ lockfiles: [] }, (name) => routing.route(name).url, input.config.allowedHosts)
  const isKnown = (url: string, name = 'example'): boolean => hosts.of(name).includes(urlOf(url)?.host ?? '')
  return [
    ...input.line.options.flatMap(({ name, value = '' }) => {
      const scope = /^--(@[^/:]+):registry$/.exec(name)?.[1]
      if (scope === undefined && !/^--reg(?:istry)?$/.test(name)) return movers.has(name) ? [moving(action, name)] : []
      return isKnown(value, scope === undefined ? 'example' : `${scope}/example`) ? [] : [naming(action, name, value)]
    }),
    ...(await scopesBesides(input)).flatMap((scope) =>
      routing.route(`${scope}/example`).url === routing.route().url ? [unrouted(action, scope)] : [],
    ),
    ...(await asked(input, action, isKnown)),
  ]
}

/** Scopes for which yarn's or bun's own settings name a registry: without .npmrc we would ask another one for them. */
async function scopesBesides({ adapter, root, environment }: OriginInput): Promise<readonly string[]> {
  const [name, section] = settingsOf.get(adapter.program) ?? []
  if (name === undefined || section === undefined) return []
  const homes = [root, environment.HOME ?? homedir()].flatMap((folder) => [
    join(folder, name),
    join(folder, `.${name}`),
  ])
  const texts = await Promise.all(homes.map(async (file) => String((await bytesOfAny(file)) ?? '')))
  return texts.flatMap((text) => {
    const lines = text.split(/\r?\n/)
    const start = lines.findIndex((line) => section.test(line))
    const inside = start === -1 ? [] : lines.slice(start + 1)
    const end = inside.findIndex((line) => /^(?:\[|[^\s#"'@])/.test(line) && !/^[\w"'@-]+\s*=/.test(line))
    const keys = inside.slice(0, end === -1 ? inside.length : end).map((line) => scopeKey.exec(line)?.[1])
    return keys.flatMap((key) => (key === undefined ? [] : [`@${key}`]))
  })
}

const settingsOf: ReadonlyMap<string, readonly [file: string, section: RegExp]> = new Map([
  ['yarn', ['.yarnrc.yml', /^npmScopes:/]],
  ['bun', ['bunfig.toml', /^\[install\.scopes\]/]],
])
/** `  acme:` in YAML, two spaces deep; `acme = …` or `"@acme" = …` in TOML. */
const scopeKey = /^(?: {2}(?=["'\w]))?["']?@?([\w.-]+)["']?\s*[:=]/

const unrouted = (action: Exclude<GuardAction, 'allow'>, scope: string): Reason => ({
  action,
  rule: 'foreignRegistry',
  subject: scope,
  message:
    "the manager's own settings give it a registry that .npmrc does not know, so audit-deps would ask another one",
  wayOn: `write ${scope}:registry= into your user-level .npmrc, too`,
})

/** What the user or CI set for this manager alone: .npmrc does not know it. */
export const registryVariable = ({ registryVariables }: Adapter, environment: NodeJS.ProcessEnv): string | undefined =>
  registryVariables.map((name) => environment[name]).find((value) => value !== undefined && value !== '')

const moving = (action: Exclude<GuardAction, 'allow'>, name: string): Reason => ({
  action,
  rule: 'foreignRegistry',
  subject: name,
  message: 'it would change which registries are trusted, or how',
  wayOn: 'leave it out, or write the setting into your user-level .npmrc',
})

const naming = (action: Exclude<GuardAction, 'allow'>, name: string, value: string): Reason => ({
  action,
  rule: 'foreignRegistry',
  subject: name,
  message: `it names ${urlOf(value)?.host ?? 'no URL'}, which no .npmrc of yours names`,
  wayOn: 'if you trust that registry, name it in your user-level .npmrc (or allowedHosts in audit-deps.json)',
})

async function asked(
  { adapter, folder, environment }: OriginInput,
  action: Exclude<GuardAction, 'allow'>,
  isKnown: (url: string) => boolean,
): Promise<Reason[]> {
  if (adapter.registryQuestion === undefined) return []
  const { stdout } = await capture(adapter.program, adapter.registryQuestion, { cwd: folder, env: environment })
  const url = stdout.trim().split('\n').at(-1) ?? ''
  if (isKnown(url)) return []
  return [
    {
      action,
      rule: 'foreignRegistry',
      subject: adapter.program,
      message: `it would install from ${urlOf(url)?.host ?? 'a registry that it does not tell'}, and audit-deps asks another one`,
      wayOn: 'name that registry in your user-level .npmrc, too',
    },
  ]
}
