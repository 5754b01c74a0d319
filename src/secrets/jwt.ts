// What a JSON Web Token says of itself. Anybody can read its claims without the key that signed it; nothing here is
// verified, and no claim is ever shown: they only tell a live token from an expired one, and a public one from a key.

export interface Claims {
  readonly issuer?: string
  readonly subject?: string
  readonly role?: string
  /** Seconds since 1970. */
  readonly expires?: number
}

/** RFC 7519: three parts, a header that names its algorithm, and claims. Undefined for anything else. */
export function readJwt(token: string): Claims | undefined {
  if (!token.startsWith('eyJ') || token.length > longest) return undefined
  const [header, payload, ...rest] = token.split('.')
  if (rest.length !== 1 || textOf(objectOf(header), 'alg') === undefined) return undefined
  const claims = objectOf(payload)
  if (claims === undefined) return undefined
  const [issuer, subject, role] = ['iss', 'sub', 'role'].map((name) => textOf(claims, name))
  const expires = Object.hasOwn(claims, 'exp') ? claims.exp : undefined
  return {
    ...(issuer !== undefined && { issuer }),
    ...(subject !== undefined && { subject }),
    ...(role !== undefined && { role }),
    ...(typeof expires === 'number' && { expires }),
  }
}

/** The subject of the sample that RFC tutorials and the format's home page print, and everybody copies. */
export const isSampleJwt = (token: string): boolean => readJwt(token)?.subject === '1234567890'

const longest = 8192

function objectOf(part: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    // Not JSON: then it is no token.
    return undefined
  }
}

function textOf(object: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined
  return typeof value === 'string' ? value : undefined
}
