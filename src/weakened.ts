// Where the audited project's own file asks for less than the defaults: it may, but whoever reads the report must see
// it. What the user sets by flag, environment or --config is the user's word and needs no note.

import type { Settings } from './config.ts'
import { defaults } from './config-fields.ts'
import { type Config, type FailOn, failOns, guardActions, guardRules, type ScanResult } from './types.ts'

/** One count, named after the file and the fields that it weakens; none where it weakens nothing. */
export function weakened({ config, origins }: Settings): ScanResult {
  const fields = (Object.keys(weaker) as (keyof typeof weaker)[]).filter(
    (field) => origins[field].from === 'file' && weaker[field](config),
  )
  const [first] = fields
  // As the file calls them: some have two values behind one name.
  const names = [...new Set(fields.map((field) => field.replace(/Per(?:Scanner|Name)$/, '')))]
  if (first === undefined) return { findings: [], coverage: [] }
  const label = `defaults that ${origins[first].where} weakens (${names.join(', ')})`
  return { findings: [], coverage: [], counts: { [label]: names.length } }
}

const isLater = (level: FailOn): boolean => failOns.indexOf(level) > failOns.indexOf(defaults.failOn)

/** A glob that names next to nothing takes in next to everything: `*`, `@*`. */
const isBroad = (glob: string): boolean => glob.replace(/[^a-z0-9]/gi, '').length < 3

const weaker = {
  only: ({ only }) => only.length < defaults.only.length,
  failOn: ({ failOn }) => isLater(failOn),
  failOnPerScanner: ({ failOnPerScanner }) => Object.values(failOnPerScanner).some(isLater),
  severities: ({ severities }) =>
    Object.values(severities).some((severity) => severity === 'info' || severity === 'low'),
  paths: ({ paths }) => paths.ignore.length > 0,
  offline: ({ offline }) => offline,
  history: ({ history }) => !history,
  privateNames: ({ privateNames }) => privateNames.some(isBroad),
  allowedHosts: ({ allowedHosts }) => allowedHosts.length > 0,
  required: ({ required }) => defaults.required.some((source) => !required.includes(source)),
  minimumPackageAgeDays: (config) => config.minimumPackageAgeDays < defaults.minimumPackageAgeDays,
  minimumVersionAgeDays: (config) => config.minimumVersionAgeDays < defaults.minimumVersionAgeDays,
  minimumVersionAgeDaysPerName: ({ minimumVersionAgeDaysPerName }) =>
    Object.values(minimumVersionAgeDaysPerName).some((days) => days < defaults.minimumVersionAgeDays),
  minimumWeeklyDownloads: (config) => config.minimumWeeklyDownloads < defaults.minimumWeeklyDownloads,
  guard: ({ guard }) =>
    guardRules.some((rule) => guardActions.indexOf(guard[rule]) > guardActions.indexOf(defaults.guard[rule])) ||
    guard.minimumAgeHours < defaults.guard.minimumAgeHours,
} as const satisfies Partial<Record<keyof Config, (config: Config) => boolean>>
