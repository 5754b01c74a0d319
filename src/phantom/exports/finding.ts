// The finding of a name or subpath that a package does not have.

import { finding, packageSubject } from '../../finding.ts'
import { clean, harmless } from '../../redact.ts'
import type { FileEvidence, Finding } from '../../types.ts'
import type { Use, Verdict } from './judge.ts'

export interface Place {
  /** Relative to the audited folder, with forward slashes. */
  readonly path: string
  readonly specifier: string
  readonly line: number
  readonly column: number
}

type Missing = Extract<Verdict, { state: 'missing' }>

/** Places shown of one name: enough to find it. */
const shownPlaces = 5

export function phantomExport(
  name: string,
  version: string | undefined,
  use: Use,
  verdict: Missing,
  places: readonly Place[],
): Finding {
  const [first, ...others] = places.slice(0, shownPlaces).map((place) => evidence(place, use))
  return finding(
    {
      code: 'phantom/export',
      scanner: 'phantom',
      subject: packageSubject(name, version),
      severity: 'medium',
      confidence: verdict.sure ? 'high' : 'medium',
      message: `${sentence(name, version, use, verdict)}${question(name, verdict)}`,
      evidence: [first!, ...others],
    },
    `${use.subpath}\0${use.name ?? ''}\0${use.kind}`,
  )
}

function sentence(name: string, version: string | undefined, use: Use, { what }: Pick<Missing, 'what'>): string {
  const installed = version === undefined ? '' : ` ${clean(version)}`
  const module = `${clean(name)}${clean(use.subpath.slice(1))}`
  if (what === 'subpath') return `${clean(name)}${installed} does not offer ${module}: its exports have no such subpath`
  if (what === 'file') return `${clean(name)}${installed} has no file for ${module}`
  const shown = clean(use.name ?? '')
  if (use.kind === 'default-member') return `the default export of ${module}${installed} has no ${shown}`
  return `${module}${installed} has no ${use.typeOnly ? 'type' : 'export'} ${shown}`
}

function question(name: string, { what, meant }: Missing): string {
  if (meant === undefined) return ''
  return `; did you mean ${clean(what === 'subpath' ? `${name}${meant.slice(1)}` : meant)}?`
}

const evidence = ({ path, line, column, specifier }: Place, use: Use): FileEvidence => ({
  kind: 'file',
  path: harmless(path),
  line,
  column,
  excerpt: harmless(use.name === undefined ? specifier : `${use.name} from ${specifier}`),
})
