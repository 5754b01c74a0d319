// A client against loopback registries: an empty project, an empty home, quick retries, no environment but the test's.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { defaults } from '../../src/config.ts'
import { createRegistry, type RegistryOptions } from '../../src/registry/client.ts'
import type { Answer, Config, Registry } from '../../src/types.ts'
import {
  type FakePackage,
  type Handler,
  type RegistryServer,
  type RegistryServerOptions,
  startRegistryServer,
} from '../support/registry-server.ts'
import { temporaryFolder } from '../support/repository.ts'

export const folder = temporaryFolder

export const server = async (
  packages: Readonly<Record<string, FakePackage | Handler>>,
  options?: RegistryServerOptions,
): Promise<RegistryServer> => {
  const started = await startRegistryServer(packages, options)
  onTestFinished(() => started.close())
  return started
}

export interface Given extends Partial<Omit<RegistryOptions, 'config'>> {
  readonly config?: Partial<Config>
  /** Texts of the project's and the user's .npmrc. */
  readonly projectNpmrc?: string
  readonly userNpmrc?: string
}

/** No cache unless the test asks for one by `config.cache` and `home`. */
export const client = (given: Given = {}): Promise<Registry> => {
  const { config, projectNpmrc, userNpmrc, ...options } = given
  const root = options.root ?? folder()
  const home = options.home ?? folder()
  writeFileSync(join(root, 'package.json'), '{}')
  if (projectNpmrc !== undefined) writeFileSync(join(root, '.npmrc'), projectNpmrc)
  if (userNpmrc !== undefined) writeFileSync(join(home, '.npmrc'), userNpmrc)
  return createRegistry({
    environment: {},
    ...options,
    timing: { requestMs: 2000, retryMs: [5, 5], longestWaitMs: 20, ...options.timing },
    root,
    home,
    config: { ...defaults, cache: false, ...config },
  })
}

/** State, and the reason where there is one, without the host that every reason names. */
export const brief = (answer: Answer): string => {
  if (!('why' in answer)) return answer.state
  const hosts = answer.state === 'not-asked' ? [] : [`${new URL(answer.registry).host}: `]
  return hosts.reduce((text, host) => text.replaceAll(host, ''), `${answer.state}: ${answer.why}`)
}

export const plain: FakePackage = { versions: { '1.0.0': { published: '2020-01-01T00:00:00.000Z' } } }
