// What is said where a registry gave no answer that could be used.

import { whatBroke } from '../errors.ts'
import type { Missed } from '../types.ts'

/** No usable answer: `why` and `next` are sentences for the report. `transient`: asking again may help. */
export class NoAnswer extends Error {
  readonly next: string
  readonly transient: boolean

  constructor(why: string, next: string, transient = false) {
    super(why)
    this.next = next
    this.transient = transient
  }
}

/** For the coverage of anything thrown: no answer, or a bug of ours. */
export const whyNoAnswer = (error: unknown): Pick<Missed, 'why' | 'next'> =>
  error instanceof NoAnswer ? { why: error.message, next: error.next } : whatBroke(error)

/** Says whom it is about: a run may ask several registries. */
export const from = (url: string, { message, next, transient }: NoAnswer): NoAnswer =>
  new NoAnswer(`${new URL(url).host}: ${message}`, next, transient)
