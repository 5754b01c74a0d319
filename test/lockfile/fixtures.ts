// Projects in temporary folders, from fixtures/lockfiles: lockfiles that npm wrote, and what was done to them since.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../support/repository.ts'

const folder = new URL('../../fixtures/lockfiles/', import.meta.url)

export const fixture = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

/** Manifests by path, each changeable before it is written. */
export const manifestsOf = (name: string): Record<string, Record<string, unknown>> =>
  JSON.parse(fixture(`${name}.files.json`))

/** Writes the files (objects as JSON) into a folder that is removed after the test. */
export function projectWith(files: Readonly<Record<string, unknown>>): string {
  const root = temporaryFolder()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
  return root
}
