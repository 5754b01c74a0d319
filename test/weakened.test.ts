import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { audit } from '../src/audit.ts'
import { loadSettings } from '../src/config.ts'
import { weakened } from '../src/weakened.ts'
import { temporaryFolder } from './support/repository.ts'

const projectWith = (settings: object): string => {
  const root = temporaryFolder()
  writeFileSync(join(root, 'audit-deps.json'), JSON.stringify(settings))
  return root
}

const noted = (settings: object, flags = {}) =>
  weakened(loadSettings(projectWith(settings), flags, undefined, {})).counts ?? {}

test.each<[object, string]>([
  [{ failOn: 'never' }, 'failOn'],
  [{ failOn: { secrets: 'critical' } }, 'failOn'],
  [{ minimumVersionAgeDays: { '@acme/*': 0 } }, 'minimumVersionAgeDays'],
  [{ only: ['secrets'] }, 'only'],
  [{ severities: { 'package/typosquat': 'info' } }, 'severities'],
  [{ paths: { ignore: ['**'] } }, 'paths'],
  [{ offline: true }, 'offline'],
  [{ history: false }, 'history'],
  [{ privateNames: ['*'] }, 'privateNames'],
  [{ privateNames: ['@*/*'] }, 'privateNames'],
  [{ allowedHosts: ['npm.acme.example'] }, 'allowedHosts'],
  [{ required: [] }, 'required'],
  [{ minimumPackageAgeDays: 0 }, 'minimumPackageAgeDays'],
  [{ guard: { malware: 'warn' } }, 'guard'],
  [{ guard: { minimumAgeHours: 1 } }, 'guard'],
  [{ extends: 'strict', failOn: 'critical' }, 'failOn'],
])('%j is noted', (settings, field) => {
  expect(noted(settings)).toEqual({ [`defaults that audit-deps.json weakens (${field})`]: 1 })
})

test.each<[object]>([
  [{}],
  [{ extends: 'strict' }],
  [
    {
      failOn: 'low',
      privateNames: ['@acme/*'],
      minimumWeeklyDownloads: 5000,
      severities: { 'package/typosquat': 'critical' },
    },
  ],
])('%j asks for no less', (settings) => expect(noted(settings)).toEqual({}))

test('what a flag says is the user’s own word', () => {
  expect(noted({ failOn: 'never' }, { failOn: 'critical' })).toEqual({})
})

test('the report has the note; a file that the user names needs none', async () => {
  const root = projectWith({ failOn: 'never', required: [] })
  const label = 'defaults that audit-deps.json weakens (failOn, required)'
  expect((await audit({ path: root, only: ['secrets'] })).counts).toMatchObject({ [label]: 2 })
  const named = await audit({ path: root, only: ['secrets'], configFile: join(root, 'audit-deps.json') })
  expect(named.counts).not.toHaveProperty(label)
})
