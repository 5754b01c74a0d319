// A text on which a rule of ours fails costs that text, not the rest: it is named among what was missed.

/** @returns undefined where it throws: what it throws is not said, for it may quote what it was given */
export function attempt<T>(match: () => T): T | undefined {
  try {
    return match()
  } catch {
    return undefined
  }
}

export const matcherFailed = {
  why: 'the matcher failed on it',
  next: 'this is a bug in audit-deps: report it with this sentence, and look through it by other means',
} as const
