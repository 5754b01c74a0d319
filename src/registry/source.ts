// A place that answers questions about packages: a registry, its downloads API, OSV; with what is remembered of it.

import type { Cache } from './cache.ts'
import type { Requests } from './requests.ts'

export interface AskedSource {
  /** Ends with a slash. */
  readonly url: string
  readonly requests: Requests
  readonly cache: Cache
  readonly offline: boolean
}

/** Parts of at most `size`, for what a source takes in one request. */
export function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}
