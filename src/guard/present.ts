// What is pinned now, and whether it was let through before.

import type { Adapter } from './adapters/adapter.ts'
import { bytesOf } from './place.ts'
import { type Memory, recall } from './remember.ts'
import { lockfileIn } from './wrap.ts'

export interface Present {
  /** Absolute; undefined where there is no lockfile. */
  readonly file: string | undefined
  readonly bytes: Buffer | undefined
  /** Undefined where this lockfile was never let through. */
  readonly memory: Memory | undefined
}

/** Where there is no project, or nothing pinned yet. */
export const nothingPresent: Present = { file: undefined, bytes: undefined, memory: undefined }

/** The project's lockfile of this manager. */
export async function readPresent(root: string, adapter: Adapter, environment: NodeJS.ProcessEnv): Promise<Present> {
  for (const file of lockfileIn(root, adapter)) {
    const bytes = await bytesOf(file)
    if (bytes !== undefined) return { file, bytes, memory: recall(bytes, environment) }
  }
  return nothingPresent
}
