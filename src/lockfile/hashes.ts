// Integrity texts as the Subresource Integrity specification writes them (w3.org/TR/SRI): `algorithm-base64`,
// several divided by white space, options after `?`. ssri, which npm uses, drops what it does not understand and so
// turns a broken integrity into none: here a broken one is told apart.

export interface Hash {
  readonly algorithm: keyof typeof sizes
  /** base64, as written. */
  readonly digest: string
}

/** Bytes of a digest. */
const sizes = { md5: 16, sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const

/** Every hash of an integrity text, or undefined where any part of it is none. */
export function hashesOf(integrity: string): readonly Hash[] | undefined {
  const hashes: Hash[] = []
  for (const part of integrity.trim().split(/\s+/)) {
    const [, algorithm, digest] = /^([a-z\d]+)-([A-Za-z\d+/]+={0,2})(?:\?.*)?$/.exec(part) ?? []
    if (algorithm === undefined || digest === undefined || !isKnown(algorithm)) return undefined
    const bytes = Buffer.from(digest, 'base64')
    // Written back it must be the same: a truncated or padded text decodes to something, too.
    if (bytes.length !== sizes[algorithm] || bytes.toString('base64') !== digest) return undefined
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

const isKnown = (algorithm: string): algorithm is keyof typeof sizes => Object.hasOwn(sizes, algorithm)
