// The published schema describes what is printed: every field, and nothing that is not there.

import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { audit } from '../../src/audit.ts'
import { render } from '../../src/report/index.ts'
import {
  bands,
  confidences,
  failOns,
  families,
  type Report,
  scannerNames,
  severities,
  sources,
} from '../../src/types.ts'
import { hostileTexts, nothingFound, planted, report } from '../support/reports.ts'
import { temporaryRepository } from '../support/repository.ts'

type Schema = { [key: string]: unknown }
const published = JSON.parse(
  readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'),
) as Schema & { $defs: Record<string, Schema> }

/** The same schema, but what it does not describe is an error: for us, not for readers of later versions. */
const strict = JSON.parse(JSON.stringify(published), (_key, value: unknown) => {
  const closes = typeof value === 'object' && value !== null && 'type' in value && 'properties' in value
  return closes && value.type === 'object' ? { ...value, additionalProperties: false } : value
}) as Schema

const compile = (schema: Schema) => {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: false })
  formats.default(ajv)
  return ajv.compile(schema)
}
const validate = compile(strict)
const check = (given: Report) => {
  const valid = validate(JSON.parse(render(given, 'json')))
  expect(validate.errors ?? []).toEqual([])
  expect(valid).toBe(true)
}

describe('the schema', () => {
  test('fits the fixture', () => check(report))
  test('fits nothing', () => check(nothingFound))
  test.each(hostileTexts)('fits hostile text: %s', (_name, text) => check(planted(text)))

  test('fits what an audit says', { timeout: 60_000 }, async () => {
    const { folder, commit } = temporaryRepository()
    commit('first', {
      'package.json': '{ "name": "a", "dependencies": { "left-pad": "*" } }',
      '.env': `PASSWORD=${['correct', 'horse', 'Battery9'].join('-')}\n`,
    })
    const found = await audit({ path: folder, offline: true })
    expect(found.findings.length).toBeGreaterThan(0)
    expect(new Set(found.coverage.map(({ state }) => state)).size).toBeGreaterThan(1)
    check(found)
  })

  test('a folder below its repository is found again from that root, in formats that code hosts read', async () => {
    const { folder, commit } = temporaryRepository()
    const secret = `PASSWORD=${['correct', 'horse', 'Battery9'].join('-')}\n`
    commit('first', { 'packages/app/.env': secret, 'packages/app/package.json': '{}' })
    const found = await audit({ path: `${folder}/packages/app`, offline: true, only: ['secrets'] })
    expect(found.prefix).toBe('packages/app/')
    check(found)
    expect(render(found, 'json')).not.toContain('"path": "packages/app/.env"')
    expect(render(found, 'sarif')).toContain('"uri": "packages/app/.env"')
    expect(render(found, 'github')).toContain('file=packages/app/.env')
    expect((await audit({ path: folder, offline: true, only: ['secrets'] })).prefix).toBeUndefined()
  })

  test('lets readers of a later version meet fields they do not know', () => {
    const later = { ...report, extra: 1, tool: { ...report.tool, extra: 1 } }
    expect(compile(published)(later)).toBe(true)
    expect(validate(later)).toBe(false)
  })

  test.each<[string, object]>([
    ['an unknown verdict', { verdict: 'clean' }],
    ['a finding without evidence', { findings: [{ ...report.findings[0], evidence: [] }] }],
    ['partial coverage that names nothing', { coverage: [{ ...report.coverage[1], state: 'partial' }] }],
    [
      'a line 0',
      { findings: [{ ...report.findings[7], evidence: [{ ...report.findings[7]!.evidence[0], line: 0 }] }] },
    ],
  ])('refuses %s', (_name, change) => expect(compile(published)({ ...report, ...change })).toBe(false))

  test('knows the words of types.ts', () => {
    const { band, failOn, severity, confidence, scanner, family, source } = published.$defs
    expect([band!.enum, failOn!.enum, severity!.enum, confidence!.enum]).toEqual([
      bands,
      failOns,
      severities,
      confidences,
    ])
    expect([scanner!.examples, family!.examples, source!.examples]).toEqual([scannerNames, families, sources])
  })

  test('describes every field', () => {
    const silent: string[] = []
    JSON.parse(JSON.stringify(published), function (this: unknown, key: string, value: unknown) {
      if (key === 'properties')
        for (const [field, schema] of Object.entries(value as Schema)) {
          const { description, $ref, const: fixed } = schema as Schema
          if (description === undefined && $ref === undefined && fixed === undefined) silent.push(field)
        }
      return value
    })
    expect(silent).toEqual([])
    for (const [name, definition] of Object.entries(published.$defs)) expect(definition.description, name).toBeTruthy()
  })
})

describe('text that parsers trip over', () => {
  test.each([
    ['half a pair', 'a\ud800b', 'a\ufffdb'],
    ['the other half', '\udc00', '\ufffd'],
    ['a whole pair', '😀', '😀'],
    ['text that looks like an escape', '\\ud800 \\\\udc00', '\\ud800 \\\\udc00'],
    ['bidirectional', '\u202e\u061c', '\u202e\u061c'],
  ])('%s', (_name, text, read) => {
    const printed = render({ ...report, target: text }, 'json')
    expect((JSON.parse(printed) as Report).target).toBe(read)
    expect(printed).not.toMatch(/[\u061c\u202a-\u202e]|(?<!\\)(?:\\\\)*\\ud[89a-f]/)
  })
})
