// Integrity texts as the Subresource Integrity specification writes them (w3.org/TR/SRI): `algorithm-base64`,
// several divided by white space, options after `?`. ssri, which npm uses, drops what it does not understand and so
// turns a broken integrity into none: here a broken one is told apart.

export interface Hash {
  readonly algorithm: keyof typeof digests
  /** base64, as written. */
  readonly digest: string
}

/** So many characters, of which the last one holds fewer bits: a truncated or padded digest decodes to something, too. */
const digests = {
  md5: /^[A-Za-z\d+/]{21}[AQgw]==$/,
  sha1: /^[A-Za-z\d+/]{26}[AEIMQUYcgkosw048]=$/,
  sha256: /^[A-Za-z\d+/]{42}[AEIMQUYcgkosw048]=$/,
  sha384: /^[A-Za-z\d+/]{64}$/,
  sha512: /^[A-Za-z\d+/]{85}[AQgw]==$/,
} as const

/** Every hash of an integrity text, or undefined where any part of it is none. */
export function hashesOf(integrity: string): readonly Hash[] | undefined {
  const hashes: Hash[] = []
  for (const part of integrity.trim().split(/\s+/)) {
    const [, algorithm, digest] = /^([a-z\d]+)-([^?]*)/.exec(part) ?? []
    if (algorithm === undefined || digest === undefined || !isKnown(algorithm)) return undefined
    if (!digests[algorithm].test(digest)) return undefined
    hashes.push({ algorithm, digest })
  }
  return hashes
}

/** Do two sets of hashes contradict each other? Without a common algorithm nobody can tell. */
export function contradict(one: readonly Hash[], other: readonly Hash[]): boolean {
  const common = one.filter(({ algorithm }) => other.some((hash) => hash.algorithm === algorithm))
  const same = (a: Hash): boolean => other.some((b) => a.algorithm === b.algorithm && a.digest === b.digest)
  // Per algorithm one match is enough: several hashes of one algorithm are alternatives.
  return common.some((hash) => !common.some((twin) => twin.algorithm === hash.algorithm && same(twin)))
}

const isKnown = (algorithm: string): algorithm is keyof typeof digests => Object.hasOwn(digests, algorithm)
