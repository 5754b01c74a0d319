// What was read, what was not and how to mend that, what was left out on purpose, and on whose word something was
// accepted: a page that shows no finding must not read as "nothing is there".

import { sourceNames } from '../../catalog.ts'
import type { Coverage, Missed, Report } from '../../types.ts'
import { plural } from '../phrases.ts'
import { type Html, html, prose } from './markup.ts'

const limits = { missed: 20, accepted: 1000 } as const

export function coverageSection(report: Report): Html {
  const entries = [...report.coverage].sort((a, b) => order(a) - order(b))
  const counts = Object.entries(report.counts)
  return html`<section aria-labelledby="coverage"><h2 id="coverage">What was checked</h2>
${
  entries.length === 0
    ? html`<p class="lead">This report does not say.</p>`
    : html`<table class="coverage"><thead><tr><th scope="col">Source</th><th scope="col">State</th><th scope="col" class="number">Read</th><th scope="col">What is missing</th></tr></thead>
<tbody>${entries.map(row)}</tbody></table>`
}
${counts.length > 0 && html`<h3>Left out on purpose</h3><ul class="counts">${counts.map(([label, count]) => html`<li><b>${count}</b> ${label}</li>`)}</ul>`}
</section>
${report.acceptedFindings.length > 0 && accepted(report)}`
}

type Entry = Report['coverage'][number]

/** Gaps first, the required ones before the others. */
const order = ({ state, required }: Entry): number => ({ partial: required ? 0 : 1, skipped: 2, complete: 3 })[state]

const states = {
  complete: ['✓', 'read in full'],
  partial: ['!', 'not all read'],
  skipped: ['–', 'left out'],
} as const satisfies Record<Coverage['state'], readonly [string, string]>

function row(entry: Entry): Html {
  const [mark, words] = states[entry.state]
  const name = Object.hasOwn(sourceNames, entry.source) ? sourceNames[entry.source] : entry.source
  return html`<tr class="${entry.state}"><th scope="row">${name} <span class="quiet">${entry.scanner}</span></th>
<td data-label="State"><span class="mark" aria-hidden="true">${mark}</span> ${words}${entry.required && html` <span class="quiet">required</span>`}</td>
<td data-label="Read" class="number">${entry.state === 'skipped' ? '–' : entry.checked}</td>
<td data-label="Missing">${gap(entry)}</td></tr>`
}

function gap(entry: Entry): Html {
  if (entry.state === 'complete') return html`<span class="quiet">nothing</span>`
  if (entry.state === 'skipped') return html`${entry.reason}`
  const rest = entry.missed.length - limits.missed
  return html`<ul class="missed">${entry.missed.slice(0, limits.missed).map(missed)}${rest > 0 && html`<li class="quiet">… and ${rest} more</li>`}</ul>`
}

const missed = ({ what, why, next }: Missed): Html =>
  html`<li>${what}: ${why} <span class="next">→ ${prose(next)}</span></li>`

function accepted({ acceptedFindings }: Report): Html {
  const rest = acceptedFindings.length - limits.accepted
  return html`<section aria-labelledby="accepted"><h2 id="accepted">Accepted before</h2>
<details class="fold"><summary>${plural(acceptedFindings.length, 'finding')} that somebody accepted</summary>
<table><thead><tr><th scope="col">Code</th><th scope="col">By</th><th scope="col">Reason</th><th scope="col">Until</th></tr></thead>
<tbody>${acceptedFindings
    .slice(0, limits.accepted)
    .map(
      (one) =>
        html`<tr><th scope="row"><code>${one.code}</code></th><td data-label="By">${one.by}</td><td data-label="Reason">${one.reason}</td><td data-label="Until">${one.expires ?? 'it changes'}</td></tr>`,
    )}</tbody></table>
${rest > 0 && html`<p class="quiet">… and ${rest} more: JSON has them all.</p>`}</details></section>`
}
