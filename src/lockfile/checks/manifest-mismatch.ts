// What a tarball really holds, against what the registry shows of it. Only what is hidden counts: a manifest that
// shows more than the tarball has is usual (publishers strip fields while packing), and what it shows, we check.

import semver from 'semver'
import { listed } from '../../listed.ts'
import { npa } from '../../names/npa.ts'
import { clean } from '../../redact.ts'
import type { Finding, ManifestFacts, TarballFacts } from '../../types.ts'
import type { Check, PackageInput } from '../check.ts'
import { packageExample } from '../package-example.ts'
import { packageFinding, type Said } from '../package-finding.ts'
import { shown as withoutCredentials } from '../source.ts'

const plain: ManifestFacts = {
  name: 'example',
  version: '1.0.0',
  installScripts: {},
  dependencies: new Map([['left', '^1.0.0']]),
  bins: ['example'],
}

const comparing = (held: Partial<ManifestFacts>, shown: Partial<ManifestFacts> = {}): PackageInput =>
  holding({ ...plain, ...held }, { ...plain, ...shown })

const holding = (held: TarballFacts['held'], shown = plain): PackageInput =>
  packageExample({
    tarball: { registry: 'https://registry.example/', observedAt: '2026-06-01T12:00:00Z', shown, held },
  })

export const manifestMismatch: Check<PackageInput> = {
  codes: ['package/manifest-mismatch', 'package/integrity-mismatch'],
  run(input) {
    const { tarball } = input
    if (tarball === undefined) return []
    const { shown, held } = tarball
    return 'promised' in held ? [otherBytes(input, held)] : differences(shown, held).map((one) => said(input, one))
  },
  matches: [
    comparing({ installScripts: { postinstall: 'node setup.js' } }),
    comparing({ installScripts: { install: 'node-gyp rebuild' } }),
    comparing({ installScripts: { install: 'node b.js' } }, { installScripts: { install: 'node a.js' } }),
    comparing({ dependencies: new Map([...plain.dependencies, ['right', '1.0.0']]) }),
    comparing({ dependencies: new Map([['left', '^2.0.0']]) }),
    comparing({ dependencies: new Map([['left', 'github:someone/left']]) }),
    comparing(
      { dependencies: new Map([['left', 'someone/left#abc']]) },
      { dependencies: new Map([['left', 'someone/left#def']]) },
    ),
    comparing({ name: 'another' }),
    comparing({ version: '1.0.1' }),
    comparing({ bins: ['example', 'npm'] }),
    holding({ promised: 'sha512-AAAA', received: 'sha512-BBBB' }),
  ],
  ignores: [
    packageExample(),
    comparing({}),
    comparing({ installScripts: { install: 'node a.js' } }, { installScripts: { install: 'node a.js' } }),
    // Stripped while packing: nothing runs, and nothing is hidden.
    comparing({ installScripts: {}, dependencies: new Map(), bins: [] }, { installScripts: { install: 'node a.js' } }),
    comparing(
      { dependencies: new Map([['left', ' ^1.0.0 ']]), version: 'v1.0.0+build.5' },
      { dependencies: new Map([['left', '^1.0.0']]) },
    ),
    comparing(
      { dependencies: new Map([['left', 'someone/left#abc']]) },
      { dependencies: new Map([['left', 'git+ssh://git@github.com/someone/left.git#abc']]) },
    ),
  ],
}

interface Difference {
  readonly severity: 'medium' | 'high'
  readonly what: string
  /** What must be accepted separately. */
  readonly detail: string
}

function differences(shown: ManifestFacts, held: ManifestFacts): Difference[] {
  const found: Difference[] = []
  const add = (severity: Difference['severity'], detail: string, what: string): void => {
    found.push({ severity, detail, what })
  }
  const version = semver.clean(held.version, { loose: true }) ?? held.version
  if (held.name.trim() !== shown.name) add('medium', 'name', `calls itself ${brief(held.name)}`)
  if (version !== shown.version) add('medium', 'version', `says that it is version ${brief(held.version)}`)
  for (const [hook, script] of Object.entries(held.installScripts))
    if (shown.installScripts[hook] !== script) add('high', hook, `holds a hidden ${hook} script: ${brief(script)}`)
  const unseen = [...held.dependencies].filter(([name]) => !shown.dependencies.has(name))
  if (unseen.length > 0) {
    const names = unseen.map(([name]) => name)
    add('high', `dependencies ${names.sort().join(' ')}`, `hides that it depends on ${listed(names.map(brief))}`)
  }
  for (const [name, range] of held.dependencies) {
    const open = shown.dependencies.get(name)
    if (open !== undefined && !isSame(name, range, open))
      add('medium', `dependency ${name}`, `wants ${brief(`${name}@${range}`)}, not ${brief(open)}`)
  }
  const bins = held.bins.filter((name) => !shown.bins.includes(name))
  if (bins.length > 0) add('medium', `bin ${bins.join(' ')}`, `brings unannounced commands: ${listed(bins.map(brief))}`)
  return found
}

const said = (input: PackageInput, { severity, what, detail }: Difference): Finding =>
  finding(input, {
    code: 'package/manifest-mismatch',
    severity,
    confidence: 'high',
    message: `its tarball ${what}`,
    observed: `the manifest of ${input.name}@${input.version ?? ''} shows nothing of it`,
    detail: `${input.version ?? ''} ${detail}`,
  })

const otherBytes = (input: PackageInput, { promised, received }: { promised: string; received: string }): Finding =>
  finding(input, {
    code: 'package/integrity-mismatch',
    severity: 'critical',
    confidence: 'high',
    message: 'the registry serves other bytes than those it names the hash of',
    observed: `promised ${promised}, served ${received}, twice`,
    detail: input.version ?? '',
  })

/** Resting on the tarball's answer, which may be newer than the packument's. */
function finding(input: PackageInput, { observed, ...rest }: Said & { readonly observed: string }): Finding {
  const { registry, observedAt } = input.tarball!
  const found = packageFinding(input, rest)
  const evidence = { kind: 'registry', source: registry, observed, observedAt } as const
  return { ...found, evidence: [found.evidence[0], ...found.evidence.slice(1), evidence] }
}

/** Git references are written in many ways; npm rewrites some of them when it publishes. */
function isSame(name: string, one: string, other: string): boolean {
  return one.trim() === other.trim() || canonical(name, one) === canonical(name, other)
}

function canonical(name: string, range: string): string {
  try {
    const { hosted, gitCommittish } = npa().resolve(name, range.trim()) as unknown as GitReference
    return hosted ? `${hosted.shortcut()}#${gitCommittish ?? ''}` : range.trim()
  } catch {
    return range.trim()
  }
}

/** The part of npm-package-arg's result that its types leave out. */
interface GitReference {
  readonly hosted?: { shortcut(): string } | null
  readonly gitCommittish?: string | null
}

const longest = 80
const brief = (text: string): string => {
  const safe = withoutCredentials(clean(text))
  return safe.length > longest ? `${safe.slice(0, longest)}…` : safe
}
