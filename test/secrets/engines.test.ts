// The two engines see the same: whatever the streaming path finds in an object, the pack reader finds, and nothing else.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryRepository } from '../support/repository.ts'
import { build, byBothEngines, history } from './engines.ts'

/** Each holds some dozens of files with some versions. AUDIT_DEPS_REPOSITORIES asks for more than a test run has time for. */
const repositories = Number(process.env.AUDIT_DEPS_REPOSITORIES ?? 12)

describe('both engines find the same candidates in the same objects', () => {
  it(`in ${repositories} random repositories`, { timeout: 60_000 + repositories * 3_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history, async (given) => {
        const repository = temporaryRepository()
        build(repository, given)
        const { streamed, packed, objects, checked } = await byBothEngines(repository.folder)
        expect(packed).toEqual(streamed)
        expect(checked).toBe(objects)
      }),
      { numRuns: repositories, endOnFailure: true },
    )
  })
})
