// Which words must a text hold so that a pattern can match it? A small reading of regular expressions, enough
// for the name patterns of signatures: it may know less than is true, never more.

/**
 * Lower-case literals of which every match of `source` (in any case) holds at least one; the choice whose
 * words are the longest and rarest. Empty where the pattern forces none.
 * @param source a JavaScript pattern that compiles
 * @param sought words that are looked for anyway: the best choice of all
 */
export function requiredLiterals(source: string, sought: ReadonlySet<string> = nothing): readonly string[] {
  return new Reader(source, sought).alternatives()
}

const nothing: ReadonlySet<string> = new Set()

class Reader {
  readonly #source: string
  readonly #sought: ReadonlySet<string>
  #at = 0

  constructor(source: string, sought: ReadonlySet<string>) {
    this.#source = source
    this.#sought = sought
  }

  /** a|b|c: one of each side's words. A side that forces none spoils the whole. */
  alternatives(): readonly string[] {
    const sides = [this.#sequence()]
    while (this.#source[this.#at] === '|') {
      this.#at++
      sides.push(this.#sequence())
    }
    return sides.some((side) => side.length === 0) ? [] : [...new Set(sides.flat())]
  }

  /** Of a run of literals, of each group that must occur: the best one. */
  #sequence(): readonly string[] {
    let best: readonly string[] = []
    let run = ''
    const flush = (): void => {
      const bare = run.replace(/^[-_.]+|[-_.]+$/g, '')
      best = this.#better(best, run === '' ? [] : [this.#sought.has(bare) ? bare : run])
      run = ''
    }
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!)) {
      const { words, literal } = this.#atom()
      const least = this.#quantifier()
      if (literal && least === 'once') run += words[0]!
      else {
        // A repeated letter still stands once where the run ends.
        if (literal && least === 'more') run += words[0]!
        flush()
        if (!literal && least !== 'none') best = this.#better(best, words)
      }
    }
    flush()
    return best
  }

  #atom(): { words: readonly string[]; literal: boolean } {
    const character = this.#source[this.#at++]!
    if (character === '(') return { words: this.#group(), literal: false }
    if (character === '[') return { words: this.#skipClass(), literal: false }
    if (character === '\\') return this.#escape()
    if ('.^$'.includes(character)) return { words: [], literal: false }
    return { words: [character.toLowerCase()], literal: true }
  }

  #group(): readonly string[] {
    const opening = /^\?(?:<?[=!]|[a-z-]*:|<[^>]+>)/.exec(this.#source.slice(this.#at))?.[0] ?? ''
    this.#at += opening.length
    const words = this.alternatives()
    this.#at++
    return /[=!]/.test(opening) ? [] : words
  }

  #skipClass(): readonly string[] {
    while (this.#at < this.#source.length && this.#source[this.#at] !== ']')
      this.#at += this.#source[this.#at] === '\\' ? 2 : 1
    this.#at++
    return []
  }

  #escape(): { words: readonly string[]; literal: boolean } {
    const escaped =
      /^(?:x[0-9a-f]{2}|u[0-9a-f]{4}|c[a-z]|k<[^>]*>|\d+|[\s\S])/i.exec(this.#source.slice(this.#at))?.[0] ?? ''
    this.#at += escaped.length
    return /^[A-Za-z0-9]/.test(escaped) ? { words: [], literal: false } : { words: [escaped], literal: true }
  }

  #quantifier(): 'none' | 'once' | 'more' {
    const written = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.#source.slice(this.#at))
    if (!written) return 'once'
    this.#at += written[0].length
    if (written[0][0] === '+' || Number(written[1] ?? 0) > 0) return 'more'
    return 'none'
  }

  #better(a: readonly string[], b: readonly string[]): readonly string[] {
    return this.#worth(b) > this.#worth(a) ? b : a
  }

  /** A choice is as good as its worst word: the shorter, the more often it is found in vain. */
  #worth(words: readonly string[]): number {
    return words.length === 0 ? 0 : Math.min(...words.map((word) => (this.#sought.has(word) ? 100 : word.length)))
  }
}
