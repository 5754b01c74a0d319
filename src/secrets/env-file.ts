// `.env` files: which names are theirs, and whether one holds values that somebody would not want in git.

import { clientPrefix } from './clients.ts'
import { latin1 } from './latin1.ts'
import { placeholder } from './placeholders.ts'

/** `.env`, `.env.production`; not the forms to fill in, nor the ciphertext of dotenv-vault. */
export const isEnvFile = (path: string): boolean =>
  /(?:^|\/)\.env(?:\.[\w-]+)*$/.test(path) &&
  !/\.(?:example|sample|template|tmpl|dist|defaults?|schema|vault|keys|d)(?:\.[\w-]+)?$/i.test(path)

/** For tests, CI and one's own machine: the values there are rarely anybody else's. */
export const isForDevelopment = (path: string): boolean =>
  /\.(?:test|testing|ci|e2e|dev|development)(?:\.|$)/.test(path)

export interface Assigned {
  readonly name: string
  /** From 1. */
  readonly line: number
}

const longest = 1_000_000

/** The first value that is neither empty, a reference, a placeholder, a mere setting, ciphertext nor public by its name. */
export function firstAssigned(bytes: Buffer): Assigned | undefined {
  for (const [index, line] of latin1(bytes, 0, Math.min(bytes.length, longest)).split('\n').entries()) {
    const { name, value } = assignment.exec(line)?.groups ?? {}
    if (name === undefined || value === undefined || clientPrefix(name) !== undefined || settings.test(name)) continue
    const bare = value
      .replace(/\s+#.*$/, '')
      .replace(/^(["'])(.*)\1$/, '$2')
      .trim()
    if (bare === '' || mere.test(bare) || placeholder(bare, 'guessable') !== undefined) continue
    return { name, line: index + 1 }
  }
  return undefined
}

const assignment = /^[ \t]*(?:export[ \t]+)?(?<name>[A-Za-z_]\w{0,100})[ \t]*=[ \t]*(?<value>[^\r]{1,4000})/
const settings =
  /^(?:NODE_ENV|APP_ENV|RAILS_ENV|ENV|ENVIRONMENT|PORT|HOST|HOSTNAME|TZ|LANG|CI|DEBUG|LOG_LEVEL|COMPOSE_PROJECT_NAME)$|_(?:ENV|PORT|HOST|VERSION|LEVEL|TIMEOUT|ENABLED)$/
/** Numbers, switches, ciphertext of dotenvx. */
const mere = /^(?:true|false|yes|no|on|off|null|none|[\d.,:_-]+|encrypted:.*)$/i
