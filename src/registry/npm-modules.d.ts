// What we use of npm's own modules that come without types.

declare module '@npmcli/config' {
  /** One `.npmrc` level: `data` is what it set, parsed. */
  interface ConfigLevel {
    readonly data: Readonly<Record<string, unknown>>
    readonly loadError?: NodeJS.ErrnoException | null
    /** The file's path. */
    readonly source?: string | null
  }
  export default class Config {
    constructor(options: {
      definitions: unknown
      shorthands: unknown
      flatten: unknown
      nerfDarts: unknown
      npmPath: string
      /** Written to: hand in a copy. */
      env: NodeJS.ProcessEnv
      argv: readonly string[]
      cwd: string
      warn: boolean
    })
    readonly data: ReadonlyMap<'default' | 'builtin' | 'global' | 'user' | 'project' | 'env' | 'cli', ConfigLevel>
    readonly flat: Readonly<Record<string, unknown>>
    /** The project's folder, once loadLocalPrefix() has looked for it. */
    readonly localPrefix: string
    load(): Promise<void>
    loadLocalPrefix(): Promise<void>
    loadCLI(): void
    setEnvs(): void
    loadProjectConfig(): Promise<void>
    loadUserConfig(): Promise<void>
    loadGlobalConfig(): Promise<void>
    get(key: string, where?: string): unknown
    /** The level a key's value comes from. */
    find(key: string): string | null
  }
}

declare module '@npmcli/agent' {
  import type { Agent } from 'node:http'
  /** One for each way to connect, by options of `node:http` and `node:tls`, a proxy, and hosts that need none. */
  export function getAgent(url: string, options: Readonly<Record<string, unknown>>): Agent
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const definitions: { definitions: unknown; shorthands: unknown; flatten: unknown; nerfDarts: unknown }
  export default definitions
}

declare module 'npm-registry-fetch/lib/default-opts.js' {
  const defaults: { readonly registry: string }
  export default defaults
}

declare module 'npm-registry-fetch/lib/auth.js' {
  interface Auth {
    readonly token: string | null
    readonly auth: string | null
    readonly cert: string | null
    readonly key: string | null
  }
  /** What the `//host/path/:_authToken` keys (and their kin) hold for a URL. */
  export default function getAuth(url: string, options: Readonly<Record<string, unknown>>): Auth
}
