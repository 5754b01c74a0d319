// How long each secret has been readable: a table whose last column draws it, from its first commit until today. The
// drawing repeats what the cells say, so that nobody needs to see it. Lengths are SVG attributes, for the page's
// policy refuses style attributes.

import type { Finding, Life, Report } from '../../types.ts'
import { plural } from '../phrases.ts'
import { day, type Html, html } from './markup.ts'

const shown = 200
const dayMs = 86_400_000

const stateWords = {
  head: 'in HEAD',
  worktree: 'in the work tree, not committed',
  history: 'gone from HEAD, still in history',
  stash: 'in a stash',
  unreachable: 'in the object store, on no branch',
} as const satisfies Record<Life['state'], string>

/** Nothing where no secret's life is known. */
export function exposureSection(report: Report): Html | undefined {
  const all = report.findings.filter(isSecretWithLife).sort((a, b) => compare(sinceOf(a), sinceOf(b)))
  if (all.length === 0) return undefined
  const today = Date.parse(report.startedAt)
  const times = all.map(({ life }) => timeOf(life)).filter((time) => time !== undefined)
  const from = times.reduce((a, b) => Math.min(a, b), Number.isNaN(today) ? 0 : today)
  const span = { from, to: Number.isNaN(today) ? from : today }
  const rest = all.length - shown
  return html`<section aria-labelledby="exposure"><h2 id="exposure">Exposure of secrets</h2>
<p class="lead">Whoever has a clone from that time on has the secret. Removing it from a file, or from history, does not take it back: revoking does.</p>
<table class="exposure"><thead><tr><th scope="col">Secret</th><th scope="col">Since</th><th scope="col">Today</th><th scope="col" class="number">Exposed</th><th scope="col" aria-hidden="true" class="axis">${axis(span)}</th></tr></thead>
<tbody>${all.slice(0, shown).map((finding) => row(finding, report, span))}</tbody></table>
${rest > 0 && html`<p class="quiet">… and ${plural(rest, 'more secret')}: JSON has them all.</p>`}</section>`
}

type SecretFinding = Finding & { readonly life: Life }

const isSecretWithLife = (finding: Finding): finding is SecretFinding =>
  finding.subject.kind === 'secret' && finding.life !== undefined

/** Those that were never committed come last. */
const sinceOf = ({ life }: SecretFinding): string => life.first?.date ?? '~'

interface Span {
  readonly from: number
  readonly to: number
}

function timeOf({ first }: Life): number | undefined {
  const time = first === undefined ? Number.NaN : Date.parse(first.date)
  return Number.isNaN(time) ? undefined : time
}

function row(finding: SecretFinding, { rules }: Report, span: Span): Html {
  const { life, subject, code, fingerprint } = finding
  const from = timeOf(life)
  const rule = Object.hasOwn(rules, code) ? rules[code] : undefined
  const days = from === undefined ? undefined : Math.max(0, Math.round((span.to - from) / dayMs))
  const branches = life.branches ?? []
  return html`<tr><th scope="row"><a href="#f-${fingerprint}">${rule?.title ?? code}</a> <code>${subject.kind === 'secret' ? subject.preview : ''}</code></th>
<td data-label="Since">${life.first ? html`${day(life.first.date)} <span class="quiet">${life.first.author}, <code>${life.first.oid.slice(0, 10)}</code></span>` : html`<span class="quiet">never committed</span>`}</td>
<td data-label="Today"><span class="dot ${life.state}"></span>${stateWords[life.state]}${life.last && html` <span class="quiet">last held ${day(life.last.date)}</span>`}${branches.length > 0 && html` <span class="quiet">on ${branches.slice(0, 5).join(', ')}${branches.length > 5 && ` and ${branches.length - 5} more`}</span>`}</td>
<td data-label="Exposed" class="number">${days === undefined ? '–' : plural(days, 'day')}</td>
<td class="drawing" aria-hidden="true">${drawing(life, from, span)}</td></tr>`
}

const width = 240

function drawing(life: Life, from: number | undefined, span: Span): Html {
  const at = (time: number): number => Math.round(((time - span.from) / Math.max(1, span.to - span.from)) * width)
  const start = from === undefined ? width - 3 : Math.min(at(from), width - 3)
  const last = life.last === undefined ? Number.NaN : Date.parse(life.last.date)
  const end = Number.isNaN(last) ? width : Math.max(start + 3, Math.min(width, at(last)))
  return html`<svg viewBox="0 0 ${width} 12" preserveAspectRatio="none" focusable="false"><rect class="rail" x="0" y="5.5" width="${width}" height="1"/><rect class="after" x="${start}" y="4" width="${width - start}" height="4"/><rect class="bar ${life.state}" x="${start}" y="2" width="${end - start}" height="8" rx="1"/></svg>`
}

const axis = ({ from, to }: Span): Html =>
  html`<span>${new Date(from).toISOString().slice(0, 10)}</span> <span>${new Date(to).toISOString().slice(0, 10)}</span>`

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
