// `audit-deps config [path]`: the configuration that a run with these flags would have, and where each value comes
// from. Nothing is scanned and nobody is asked.

import { existingFolder } from '../audit.ts'
import { checkSecretCodes } from '../codes.ts'
import { loadSettings, type Origin, type Settings } from '../config.ts'
import { clean } from '../redact.ts'
import { scannerNames } from '../types.ts'
import { auditOptionsOf, type Flags } from './options.ts'

/** @throws AuditError USAGE, CONFIG_INVALID, PATH_MISSING, NOT_A_FOLDER */
export async function configCommand(path: string, flags: Flags): Promise<number> {
  const root = await existingFolder(path)
  const { configFile, ...set } = auditOptionsOf(flags, scannerNames)
  const settings = loadSettings(root, set, configFile)
  await checkSecretCodes(settings.config)
  const { registry } = settings.config
  const shown = { ...settings, config: { ...settings.config, registry: registry && withoutCredentials(registry) } }
  process.stdout.write(flags.format === 'json' ? asJson(shown) : asTable(shown))
  return 0
}

function withoutCredentials(address: string): string {
  const url = new URL(address)
  url.username = ''
  url.password = ''
  return url.href
}

function asJson({ config, origins }: Settings): string {
  const fields = Object.entries(config).map(([field, value]) => [
    field,
    {
      value: value ?? null,
      ...origins[field as keyof typeof config],
      ...(field === 'osv' && { note: osvNote(config) }),
    },
  ])
  // Line by line, for the breaks stand; what is invisible stands only inside strings, where its escape means the same.
  return `${JSON.stringify(Object.fromEntries(fields), null, 2).split('\n').map(clean).join('\n')}\n`
}

/** The one source that is told what is installed and is not asked by itself. */
const osvNote = ({ osv }: Settings['config']): string =>
  osv
    ? 'OSV is asked, and told names and versions of public packages'
    : 'OSV is not asked: opt in by --osv, AUDIT_DEPS_OSV=1, or a file outside the audited repository'

/** Lists one entry a line below their field: a table of long cells is read by nobody. */
function asTable({ config, origins }: Settings): string {
  const rows = Object.entries(config).map(([field, value]) => {
    const [first = '', ...more] = valueLines(value)
    const note = field === 'osv' ? ` (${osvNote(config)})` : ''
    return { field, first, more, origin: `${originOf(origins[field as keyof typeof config])}${note}` }
  })
  const width = (cells: readonly string[]): number => Math.min(36, Math.max(...cells.map(({ length }) => length)))
  const fields = width(rows.map(({ field }) => field))
  const values = width(rows.flatMap(({ first, more }) => [first, ...more]))
  return rows
    .flatMap(({ field, first, more, origin }) => [
      `${field.padEnd(fields)}  ${first.padEnd(values)}  ${origin}`,
      ...more.map((line) => `${' '.repeat(fields)}  ${line}`),
    ])
    .map((line) => `${clean(line).trimEnd()}\n`)
    .join('')
}

function valueLines(value: unknown): string[] {
  if (value === undefined) return ['-']
  if (Array.isArray(value)) return value.length === 0 ? ['none'] : value.map(shown)
  if (typeof value !== 'object' || value === null) return [shown(value)]
  const entries = Object.entries(value)
  return entries.length === 0 ? ['none'] : entries.map(([key, one]) => `${key}: ${listed(one)}`)
}

const listed = (value: unknown): string =>
  Array.isArray(value) ? (value.length === 0 ? 'none' : value.map(shown).join(', ')) : shown(value)

function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .filter(([key]) => key !== 'where')
    .map(([key, one]) => `${key} ${String(one)}`)
    .join(', ')
}

const originOf = ({ from, where }: Origin): string => (where === undefined ? from : `${from} ${where}`)
