// One page for people: opens from disk, asks no network, works without its script, in light and dark, on a phone and
// on paper. Everything from outside is text (html/markup.ts), and the page's own policy lets nothing else run: the one
// style and the one script are named by their hashes.

import { createHash } from 'node:crypto'
import { type Finding, type RankedSubject, type Report, type Reporter, scannerNames } from '../types.ts'
import { coverageSection } from './html/coverage.ts'
import { exposureSection } from './html/exposure.ts'
import { Html, html } from './html/markup.ts'
import { script } from './html/script.ts'
import { style } from './html/style.ts'
import { bandWord, type Findings, subjectItem } from './html/subject.ts'
import { failsOn, isCompared, plural, subjectTitle } from './phrases.ts'

/** Measured: what a phone's browser still scrolls and filters without a pause. Risk decides who is left out. */
export const shownSubjects = 5000

/** The first ones are open: a reader should see at once what an entry holds. */
const openSubjects = 3

export const htmlPage: Reporter = function* (report) {
  const findings = new Map(report.findings.map((finding) => [finding.fingerprint, finding]))
  const exposure = exposureSection(report)
  yield head(report)
  yield html`<body>
<a class="skip" href="#findings">Skip to the findings</a>
${banner(report)}
<main>
${verdict(report, exposure !== undefined)}
${filters(report, findings)}`.text
  let piece = ''
  for (const [index, ranked] of report.subjects.slice(0, shownSubjects).entries()) {
    piece += subjectItem(ranked, report, findings, index < openSubjects).text
    if (piece.length < 65_536) continue
    yield piece
    piece = ''
  }
  yield piece +
    html`</ol>${leftOut(report)}</section>
${exposure}
${coverageSection(report)}
</main>
<footer><p>Made by audit-deps ${report.tool.version}. <code>audit-deps explain CODE</code> says more of any code on this page.</p></footer>
<script>${new Html(script)}</script>
</body></html>
`.text
}

// ── The frame ────────────────────────────────────────────────────────────────────────────────────────────────────

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** No fetch, no form, no frame, no base; images only from the page itself (its icon). */
const policy = (): string =>
  [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

/** The hashes are made of our own texts, whose quotes the policy needs as they are. */
const head = (report: Report): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
${
  html`<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${verdictWords[report.verdict]} · ${report.target} · audit-deps</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>`.text
}
</head>
`

const verdictWords = { pass: 'Pass', fail: 'Fail', incomplete: 'Incomplete' } as const

function banner({ target, prefix, startedAt, durationMs, tool }: Report): Html {
  const when = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(startedAt)
    ? `${startedAt.slice(0, 16).replace('T', ' ')} UTC`
    : startedAt
  return html`<header class="banner"><p class="tool">audit-deps <span>${tool.version}</span></p>
<h1>${target}${prefix !== undefined && html` <span class="quiet">${prefix}</span>`}</h1>
<p class="quiet"><time datetime="${startedAt}">${when}</time> · ${(durationMs / 1000).toFixed(1)} s</p></header>`
}

// ── The verdict and what drives it ───────────────────────────────────────────────────────────────────────────────

function verdict(report: Report, hasExposure: boolean): Html {
  const [highest] = report.subjects
  return html`<section class="verdict ${report.verdict}" aria-labelledby="verdict">
<h2 id="verdict"><span class="visually-hidden">Verdict: </span>${verdictWords[report.verdict]}</h2>
<p class="lead">${becauseOf(report)}</p>
<dl class="figures">${figures(report).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${report.risk.drivers.length > 0 && highest !== undefined && drivers(report, highest)}
</section>
<nav aria-label="Sections"><a href="#findings">Findings</a>${hasExposure && html`<a href="#exposure">Exposure</a>`}<a href="#coverage">What was checked</a>${report.acceptedFindings.length > 0 && html`<a href="#accepted">Accepted</a>`}</nav>`
}

function becauseOf(report: Report): string {
  const failing = report.subjects.filter(({ fails }) => fails).length
  const unread = report.coverage.filter((entry) => entry.required && entry.state === 'partial').length
  const gap = unread === 0 ? '' : ` ${plural(unread, 'required source')} could not be read in full.`
  if (report.verdict === 'fail') {
    const who =
      failing === 0
        ? 'The risk reaches'
        : `${failing} of ${plural(report.subjects.length, 'subject')} ${failing === 1 ? 'reaches' : 'reach'}`
    return `${who} the level that fails: ${failsOn(report)}.${gap}`
  }
  if (report.verdict === 'incomplete')
    return `Nothing that was read reaches the level that fails (${failsOn(report)}), but not everything was read.${gap}`
  const found =
    report.subjects.length === 0 ? 'Nothing was found' : `Nothing reaches the level that fails (${failsOn(report)})`
  // Told below, source by source.
  const isLeftOut = report.coverage.some((entry) => entry.required && entry.state === 'skipped')
  return `${found}, and everything required was read${isLeftOut ? ', but for what this run leaves out' : ''}.`
}

function figures(report: Report): [string, string][] {
  const { risk, subjects, findings, accepted, coverage } = report
  const gaps = coverage.filter(({ state }) => state === 'partial').length
  const introduced = findings.filter((finding) => finding.introduced === true).length
  return [
    ['Risk', risk.band],
    ['Subjects', thousands(subjects.length)],
    ['Findings', thousands(findings.length)],
    ...(isCompared(report) ? [['Introduced here', thousands(introduced)] as [string, string]] : []),
    ['Accepted', thousands(accepted)],
    ['Gaps', thousands(gaps)],
  ]
}

const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

function drivers(report: Report, highest: RankedSubject): Html {
  const counted = report.risk.drivers
  return html`<div class="drivers"><h3>What drives it: <span>${subjectTitle(highest, report.rules)}</span></h3>
<ul>${counted.map(({ points, family, message }) => html`<li><span class="weight">+${points}</span><svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="rail" width="100" height="6" rx="1"/><rect class="bar ${bandWord(highest.band)}" width="${Math.min(100, points)}" height="6" rx="1"/></svg><span class="family">${family}</span><span>${message}</span></li>`)}</ul>
<p class="quiet">${highest.points} points: ${bandWord(highest.band)}. Low from 10, medium from 30, high from 60, critical from 100.</p></div>`
}

// ── The list and its filters ─────────────────────────────────────────────────────────────────────────────────────

const bandsDown = ['critical', 'high', 'medium', 'low', 'info'] as const

/** Hidden until the script shows them: without it they would do nothing. */
function filters(report: Report, findings: Findings): Html {
  const shown = report.subjects.slice(0, shownSubjects)
  const bandCounts = bandsDown.map(
    (band) => [band, shown.filter((ranked) => bandWord(ranked.band) === band).length] as const,
  )
  const scanners = scannerNames.map(
    (name) => [name, shown.filter((ranked) => saidBy(name, ranked, findings)).length] as const,
  )
  return html`<section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings</h2>
${shown.length === 0 && html`<p class="lead">Nothing was found in what was read.</p>`}
<form id="filters" role="search" aria-label="Findings" hidden>
<label class="search"><span>Search</span><input type="search" name="text" autocomplete="off" spellcheck="false" placeholder="name, path, code, text"></label>
<fieldset><legend>Risk</legend>${bandCounts.filter(([, count]) => count > 0).map(([band, count]) => choice('band', band, count))}</fieldset>
<fieldset><legend>Scanner</legend>${scanners.filter(([, count]) => count > 0).map(([name, count]) => choice('scanner', name, count))}</fieldset>
${isCompared(report) && html`<fieldset><legend>Change</legend><label class="chip"><input type="checkbox" name="new">introduced here only</label></fieldset>`}
<div class="tools"><output role="status" aria-live="polite"></output><button type="reset">Show all</button><button type="button" name="fold">Open all</button></div>
</form>
<ol id="subjects"${shown.length > 100 && new Html(' class="many"')}>
`
}

const choice = (name: string, value: string, count: number): Html =>
  html`<label class="chip"><input type="checkbox" name="${name}" value="${value}" checked>${value} <span>${thousands(count)}</span></label>`

const saidBy = (name: Finding['scanner'], { drivers }: RankedSubject, findings: Findings): boolean =>
  drivers.some(({ fingerprint }) => findings.get(fingerprint)?.scanner === name)

function leftOut({ subjects }: Report): Html | undefined {
  const rest = subjects.length - shownSubjects
  return rest > 0
    ? html`<p class="note">… and ${plural(rest, 'more subject')} of lower risk, which this page leaves out: <code>--format json</code> has them all.</p>`
    : undefined
}
