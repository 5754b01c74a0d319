// One Report, many renderings. Adding a format is one file, one line here and one in pieces.ts.

import type { Format, RenderOptions, Report, Reporter } from '../types.ts'
import { github } from './github.ts'
import { htmlPage } from './html.ts'
import { json } from './json.ts'
import { markdown } from './markdown.ts'
import { sarif } from './sarif.ts'
import { table } from './table.ts'

export const reporters = {
  table,
  json,
  sarif,
  markdown,
  html: htmlPage,
  github,
} as const satisfies Record<Format, Reporter>

/**
 * A report in pieces, to be written one after the other: what is large is never whole in memory.
 * @param options colour is off, width 80 columns and detail normal unless said otherwise
 */
export const renderPieces = (report: Report, format: Format, options: Partial<RenderOptions> = {}): Iterable<string> =>
  reporters[format](report, { color: false, width: 80, detail: 'normal', ...options })

/** As renderPieces(), as one text. */
export const render = (report: Report, format: Format, options: Partial<RenderOptions> = {}): string =>
  [...renderPieces(report, format, options)].join('')
