// One subject of the ranking: in one line what it is and how bad, and folded below it what drives that, where it
// stands, and what to do. A fold is the browser's own (`details`), so that it works without the script.

import type { Driver, Evidence, Finding, RankedSubject, Report } from '../../types.ts'
import { commandFor } from '../next.ts'
import { changeWords, placeOf, plural, seenAt } from '../phrases.ts'
import { webAddress } from '../text.ts'
import { Html, html, prose } from './markup.ts'

/** Nobody reads a hundred places; JSON has them all. */
const limits = { places: 12, drivers: 40, steps: 30 } as const

export type Findings = ReadonlyMap<string, Finding>

/** What a band is called where it stands for one subject. */
export const bandWord = (band: RankedSubject['band']): string => (band === 'none' ? 'info' : band)

/** An item of the list. `data-` attributes are what the filters ask. */
export function subjectItem(ranked: RankedSubject, report: Report, findings: Findings, open: boolean): Html {
  const known = ranked.drivers.flatMap(({ fingerprint }) => findings.get(fingerprint) ?? [])
  const scanners = [...new Set(known.map(({ scanner }) => scanner))]
  const band = bandWord(ranked.band)
  const [strongest] = ranked.drivers
  const rest = ranked.drivers.length - 1
  return html`<li data-band="${band}" data-scanners="${scanners.join(' ')}"${isNew(known) && new Html(' data-new')}>
<details${open && new Html(' open')}>
<summary><span class="badge ${band}">${band}</span>
<span class="what"><h3>${titleOf(ranked, report)}</h3>${changeTag(known)}
<span class="line">${strongest?.message}${rest > 0 && html` <span class="more">+ ${plural(rest, 'more signal')}</span>`}</span></span>
<span class="points"><b>${ranked.points}</b> points</span></summary>
<div class="body">
${nextSteps(strongest, report, findings)}
<h4>${ranked.drivers.length === 1 ? 'What was seen' : `What was seen, and how it adds up to ${ranked.points}`}</h4>
<ul class="signals">${ranked.drivers.slice(0, limits.drivers).map((driver) => signal(driver, findings))}</ul>
${ranked.drivers.length > limits.drivers && html`<p class="quiet">… and ${plural(ranked.drivers.length - limits.drivers, 'more signal')}: JSON has them all.</p>`}
</div></details></li>
`
}

function titleOf(ranked: RankedSubject, { rules }: Report): Html {
  const { subject } = ranked
  if (subject.kind === 'secret') {
    const code = ranked.drivers[0]?.code ?? ''
    return html`${(Object.hasOwn(rules, code) ? rules[code]?.title : undefined) ?? code} <code>${subject.preview}</code>`
  }
  if (subject.kind === 'project') return html`${subject.path}`
  return html`${subject.name}${subject.version !== undefined && html` <span class="version">${subject.version}</span>`}`
}

const isNew = (known: readonly Finding[]): boolean => known.some(({ introduced }) => introduced === true)

function changeTag(known: readonly Finding[]): Html | undefined {
  if (isNew(known)) return html` <span class="tag">introduced here</span>`
  return known.some(({ introduced }) => introduced === false)
    ? html` <span class="tag was">was there</span>`
    : undefined
}

// ── What to do ───────────────────────────────────────────────────────────────────────────────────────────────────

function nextSteps(strongest: Driver | undefined, { rules }: Report, findings: Findings): Html | undefined {
  const rule = strongest && Object.hasOwn(rules, strongest.code) ? rules[strongest.code] : undefined
  if (strongest === undefined || rule === undefined) return undefined
  const finding = findings.get(strongest.fingerprint)
  const command = finding && commandFor(finding)
  const page = rule.url === undefined ? undefined : webAddress(rule.url)
  return html`<div class="todo"><h4>What to do</h4><p>${prose(rule.fix)}</p>
${command !== undefined && html`<pre class="command" tabindex="0">${command}</pre>`}
${page !== undefined && html`<p><a href="${page}" rel="noreferrer noopener">${hostOf(page)}</a></p>`}
<p class="why"><b>Why it matters</b> ${prose(rule.why)}</p></div>`
}

const hostOf = (page: string): string => page.replace(/^https?:\/\//, '').replace(/\/$/, '')

// ── Signals ──────────────────────────────────────────────────────────────────────────────────────────────────────

function signal(driver: Driver, findings: Findings): Html {
  const finding = findings.get(driver.fingerprint)
  const weight = driver.counted ? `+${driver.points}` : 'not added'
  const change = finding && changeWords(finding)
  return html`<li id="f-${driver.fingerprint}"><span class="weight${!driver.counted && ' none'}">${weight}</span><div>
<p class="said">${driver.message}</p>
<p class="quiet"><code>${driver.code}</code> · ${driver.family}${finding && ` · ${finding.severity} severity, ${finding.confidence} confidence`}${change !== undefined && ` · ${change}`}</p>
${finding && way(finding)}${finding && places(finding.evidence)}</div></li>`
}

function way({ via = [] }: Finding): Html | undefined {
  if (via.length < 2) return undefined
  const steps = via.slice(0, limits.steps)
  const rest = via.length - steps.length
  return html`<ol class="way" aria-label="Way from the project to it"><li>this project</li>${steps.map((step) => html`<li>${step}</li>`)}${rest > 0 && html`<li>… ${rest} more</li>`}</ol>`
}

function places(evidence: readonly Evidence[]): Html {
  const rest = evidence.length - limits.places
  return html`<ul class="places">${evidence
    .slice(0, limits.places)
    .map(
      (seen) => html`<li><span class="place">${placeOf(seen)}</span> <code>${seenAt(seen)}</code></li>`,
    )}${rest > 0 && html`<li class="quiet">… and ${plural(rest, 'more place')}: JSON has them all.</li>`}</ul>`
}
