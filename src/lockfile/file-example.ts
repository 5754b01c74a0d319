// The plain case that the examples of the file checks start from: each example says only what it is about.

import type { Declared, LockedPackage, Lockfile, Manifest } from '../types.ts'
import type { FileInput } from './check.ts'

export const exampleHost = 'registry.example'
export const exampleIntegrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`

export const locked = (given: Partial<LockedPackage> = {}): LockedPackage => {
  const name = given.name ?? 'left'
  return {
    name,
    version: '1.2.3',
    key: `node_modules/${name}`,
    alias: undefined,
    resolved: `https://${exampleHost}/${name}/-/${name}-1.2.3.tgz`,
    integrity: exampleIntegrity,
    kind: 'registry',
    direct: true,
    dev: false,
    optional: false,
    peer: false,
    bundled: false,
    installScript: false,
    line: 7,
    ...given,
  }
}

export const lockfileOf = (...packages: readonly LockedPackage[]): Lockfile => ({
  path: 'package-lock.json',
  format: 'package-lock',
  version: 3,
  packages,
})

export const declared = (given: Partial<Declared> = {}): Declared => {
  const name = given.name ?? 'left'
  return { name, target: name, range: '^1.2.3', kind: 'registry', field: 'dependencies', line: 4, column: 5, ...given }
}

export const manifestOf = (given: Partial<Manifest> = {}): Manifest => ({
  path: 'package.json',
  name: 'app',
  private: true,
  dependencies: [declared()],
  scripts: {},
  ...given,
})

export const fileInput = (given: Partial<FileInput> = {}): FileInput => ({
  manifests: [manifestOf()],
  hostsFor: () => [exampleHost],
  ...given,
})
