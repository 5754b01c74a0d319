import { describe, expect, it } from 'vitest'
import { secretsScanner } from '../../src/secrets/scan.ts'
import { context } from '../support/context.ts'
import { type TemporaryRepository, temporaryRepository } from '../support/repository.ts'

const secret = ['sk_', 'live_', 'Kq7ZpL0xW3vRt9YbN2mC5hJd'].join('') // audit-deps:allow made up for this test
const bare = `pay("${secret}")\n`
const marked = `pay("${secret}") // audit-deps:allow revoked, for the tests\n`

async function scan(made: TemporaryRepository, inlineAllow = true) {
  const { findings, counts } = await secretsScanner.scan(context(made.folder, { config: { inlineAllow } }))
  return { states: findings.map(({ life }) => life?.state), allowed: counts?.['allowed by a comment'] ?? 0 }
}

describe('a comment beside a secret', () => {
  it('in HEAD speaks for older versions, other paths and other branches, and counts once', async () => {
    const made = temporaryRepository()
    made.commit('bare', { 'a.js': bare, 'old/b.js': `// moved\n${bare}` })
    made.commit('marked', { 'a.js': marked, 'old/b.js': undefined })
    expect(await scan(made)).toEqual({ states: [], allowed: 1 })
    expect(await scan(made, false)).toEqual({ states: ['head'], allowed: 0 })
  })

  it('in the work tree speaks for the version it changes', async () => {
    const made = temporaryRepository()
    made.commit('bare', { 'a.js': bare })
    made.write('a.js', marked)
    expect(await scan(made)).toEqual({ states: [], allowed: 1 })
  })

  it('that only an old version had does not speak for HEAD', async () => {
    const made = temporaryRepository()
    made.commit('marked', { 'a.js': marked })
    made.commit('bare', { 'a.js': bare })
    expect(await scan(made)).toEqual({ states: ['head'], allowed: 0 })
  })

  it('that is being taken away does not speak', async () => {
    const made = temporaryRepository()
    made.commit('marked', { 'a.js': marked })
    made.write('a.js', bare)
    expect(await scan(made)).toEqual({ states: ['worktree'], allowed: 0 })
  })

  it('does not speak for another file of HEAD, nor for a new one', async () => {
    const made = temporaryRepository()
    made.commit('one', { 'a.js': marked })
    made.write('b.js', bare)
    expect(await scan(made)).toEqual({ states: ['worktree'], allowed: 0 })
    made.commit('two')
    expect(await scan(made)).toEqual({ states: ['head'], allowed: 0 })
  })

  it('in history speaks for itself alone', async () => {
    const made = temporaryRepository()
    made.commit('marked', { 'a.js': marked })
    made.commit('gone', { 'a.js': 'nothing' })
    expect(await scan(made)).toEqual({ states: [], allowed: 1 })
    made.commit('bare', { 'b.js': bare })
    made.commit('gone', { 'b.js': 'nothing' })
    expect(await scan(made)).toEqual({ states: ['history'], allowed: 0 })
  })
})
