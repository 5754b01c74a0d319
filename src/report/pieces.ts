// As index.ts, for a program that prints one report in one format: what the other formats need is not loaded.

import type { Format, RenderOptions, Report, Reporter } from '../types.ts'

const loaders = {
  table: async () => (await import('./table.ts')).table,
  json: async () => (await import('./json.ts')).json,
  sarif: async () => (await import('./sarif.ts')).sarif,
  markdown: async () => (await import('./markdown.ts')).markdown,
  html: async () => (await import('./html.ts')).htmlPage,
  github: async () => (await import('./github.ts')).github,
} as const satisfies Record<Format, () => Promise<Reporter>>

/** A report in pieces, to be written one after the other. */
export async function piecesOf(report: Report, format: Format, options: RenderOptions): Promise<Iterable<string>> {
  const reporter = await loaders[format]()
  return reporter(report, options)
}
