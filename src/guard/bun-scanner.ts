// Bun's security scanner (`[install.security] scanner = …`, bun 1.3 and later): bun hands in the whole tree that it
// would install before it fetches any of it. A fatal advisory stops it, and so does an error thrown here.

import { vetExactly } from './door.ts'

interface BunPackage {
  readonly name: string
  readonly version: string
}

interface BunAdvisory {
  readonly level: 'fatal' | 'warn'
  readonly package: string
  readonly url: null
  readonly description: string
}

/** What bun imports of the module that bunfig.toml names. */
export const scanner = {
  version: '1',
  async scan({ packages }: { readonly packages: readonly BunPackage[] }): Promise<readonly BunAdvisory[]> {
    if (packages.length === 0) return []
    const specs = packages.map(({ name, version }) => `${name}@${version}`)
    const { reasons } = await vetExactly(specs, process.cwd())
    return reasons
      .filter(({ action }) => action === 'block')
      .map(({ subject, message, wayOn }) => ({
        level: 'fatal',
        package: subject.replace(/(?<=.)@[^@]*$/, ''),
        url: null,
        description: `audit-deps: ${message} → ${wayOn}`,
      }))
  },
}
