// The whole audit, without any network: known malware and vulnerabilities from an OSV export on the disk.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { audit } from '../../src/audit.ts'
import { zipOf } from '../registry/zips.ts'
import { projectWith } from './fixtures.ts'

const record = (id: string, name: string, fixed: string) => ({
  id,
  aliases: [`CVE-2026-${name.length}`],
  summary: `Something about ${name}`,
  affected: [
    {
      package: { ecosystem: 'npm', name },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
    },
  ],
  database_specific: { severity: 'HIGH' },
})

const entry = (version: string, given: object = {}) => ({
  version,
  resolved: `https://registry.example/x/-/x-${version}.tgz`,
  integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}`,
  ...given,
})

const project = (): string => {
  const root = projectWith({
    'package.json': { name: 'app', dependencies: { top: '^1.0.0' }, devDependencies: { tool: '^2.0.0' } },
    'package-lock.json': {
      name: 'app',
      lockfileVersion: 3,
      packages: {
        '': { name: 'app', dependencies: { top: '^1.0.0' }, devDependencies: { tool: '^2.0.0' } },
        'node_modules/top': entry('1.0.0', { dependencies: { below: '1.0.0' } }),
        'node_modules/below': entry('1.0.0'),
        'node_modules/tool': entry('2.0.0', { dev: true }),
      },
    },
  })
  const records = [
    record('MAL-2026-1', 'below', '1.0.1'),
    record('GHSA-1', 'tool', '2.0.1'),
    record('GHSA-2', 'top', '1.0.0'),
  ]
  writeFileSync(
    join(root, 'all.zip'),
    zipOf(records.map((one) => ({ name: `${one.id}.json`, text: JSON.stringify(one) }))),
  )
  return root
}

test('--offline --advisories finds them, with the way, the fix and who needs it', async () => {
  const root = project()
  const report = await audit({ path: root, only: ['lockfile'], offline: true, advisories: join(root, 'all.zip') })
  const found = report.findings.filter(({ code }) => code === 'package/malware' || code === 'package/vulnerability')
  expect(found.map(({ code, severity, message, via }) => [code, severity, message, via])).toEqual([
    [
      'package/malware',
      'critical',
      'Something about below (MAL-2026-1, CVE-2026-5, affects <1.0.1), asked for by top',
      ['top', 'below'],
    ],
    [
      'package/vulnerability',
      'high',
      'Something about tool (GHSA-1, CVE-2026-4, affects <2.0.1, fixed in 2.0.1), for development only',
      ['tool'],
    ],
  ])
  expect(report.coverage).toContainEqual(
    expect.objectContaining({ source: 'advisories', state: 'complete', checked: 3 }),
  )
  expect(report.verdict).toBe('fail')
})

test('an export that cannot be read is no clean run', async () => {
  const root = project()
  const run = audit({ path: root, only: ['lockfile'], offline: true, advisories: join(root, 'none.zip') })
  await expect(run).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})
