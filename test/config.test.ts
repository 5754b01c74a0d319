import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkSecretCodes } from '../src/codes.ts'
import { type ConfigFlags, defaults, loadConfig, loadSettings } from '../src/config.ts'
import { checkFields, fileFields, presetNames, userFields } from '../src/config-fields.ts'
import { FieldError } from '../src/config-values.ts'
import { AuditError } from '../src/errors.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'audit-deps-config-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const put = (name: string, content: unknown) =>
  writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content))

const errorOf = (act: () => unknown): AuditError => {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(AuditError)
    return error as AuditError
  }
  throw new Error('it did not throw')
}

describe('merged once: defaults ← file ← environment ← flags', () => {
  test('nothing set', () => expect(loadConfig(root, {}, undefined, {})).toEqual(defaults))

  test('each level beats the one before', () => {
    put('audit-deps.json', { failOn: 'low', allowedHosts: ['a.example'] })
    expect(loadConfig(root, {}, undefined, {}).failOn).toBe('low')
    expect(loadConfig(root, {}, undefined, { AUDIT_DEPS_FAIL_ON: 'medium' }).failOn).toBe('medium')
    const all = loadConfig(root, { failOn: 'never' }, undefined, { AUDIT_DEPS_FAIL_ON: 'medium' })
    expect([all.failOn, all.allowedHosts]).toEqual(['never', ['a.example']])
  })

  test('a flag that was not given leaves the file its say', () => {
    put('audit-deps.json', { failOn: 'low' })
    expect(loadConfig(root, { failOn: undefined }, undefined, {}).failOn).toBe('low')
  })

  test('auditDeps in package.json, with a BOM', () => {
    put('package.json', `\ufeff${JSON.stringify({ name: 'x', auditDeps: { minimumPackageAgeDays: 7 } })}`)
    expect(loadConfig(root, {}, undefined, {}).minimumPackageAgeDays).toBe(7)
  })

  test('a broken package.json configures nothing: the scanners report it', () => {
    put('package.json', '{ "name": ')
    expect(loadConfig(root, {}, undefined, {})).toEqual(defaults)
  })

  test('offline requires nothing that only a registry could tell', () =>
    expect(loadConfig(root, { offline: true }, undefined, {}).required).not.toContain('existence-direct'))
})

test('a minimum age by names keeps the number for all others; a number takes it back', () => {
  put('audit-deps.json', { extends: 'strict', minimumVersionAgeDays: { '@acme/*': 0 } })
  const ages = (flags: ConfigFlags) => {
    const { minimumVersionAgeDays, minimumVersionAgeDaysPerName } = loadConfig(root, flags, undefined, {})
    return [minimumVersionAgeDays, minimumVersionAgeDaysPerName]
  }
  expect(ages({})).toEqual([7, { '@acme/*': 0 }])
  expect(ages({ minimumVersionAgeDays: 5 })).toEqual([5, {}])
})

describe('presets', () => {
  test.each(['ci', 'strict'])(
    '%s: names that only files hold must be asked about, also where --offline is said',
    (preset) => {
      put('audit-deps.json', { extends: preset })
      for (const offline of [false, true])
        expect(loadConfig(root, { offline }, undefined, {}).required).toContain('existence-mentioned')
    },
  )

  test('beat the defaults; the file’s own fields beat them', () => {
    put('audit-deps.json', { extends: 'strict', minimumVersionAgeDays: 1 })
    const { config, origins } = loadSettings(root, {}, undefined, {})
    expect([config.failOn, config.minimumPackageAgeDays, config.minimumVersionAgeDays]).toEqual(['medium', 90, 1])
    expect(config.required).toContain('downloads')
    expect([origins.failOn, origins.minimumVersionAgeDays, origins.only]).toEqual([
      { from: 'preset', where: 'strict, by audit-deps.json' },
      { from: 'file', where: 'audit-deps.json' },
      { from: 'default' },
    ])
  })

  test.each([{ extends: 'ci' }, { required: ['existence-direct'] }])(
    'offline does not take back what is required in so many words: %j',
    (file) => {
      put('audit-deps.json', file)
      expect(loadConfig(root, { offline: true }, undefined, {}).required).toContain('existence-direct')
    },
  )
})

describe('levels by scanner', () => {
  test('in the file', () => {
    put('audit-deps.json', { failOn: { secrets: 'low', phantom: 'never' } })
    const { failOn, failOnPerScanner } = loadConfig(root, {}, undefined, {})
    expect([failOn, failOnPerScanner]).toEqual(['high', { secrets: 'low', phantom: 'never' }])
  })

  test.each<[string, Parameters<typeof loadConfig>[1], NodeJS.ProcessEnv]>([
    ['a flag', { failOn: 'critical' }, {}],
    ['the environment', {}, { AUDIT_DEPS_FAIL_ON: 'critical' }],
  ])('%s speaks for all', (_title, flags, environment) => {
    put('audit-deps.json', { failOn: { secrets: 'low' } })
    const { failOn, failOnPerScanner } = loadConfig(root, flags, undefined, environment)
    expect([failOn, failOnPerScanner]).toEqual(['critical', {}])
  })
})

test('what a caller of the library sets is checked like a file', () => {
  const exceptions = [{ code: 'package/new', reason: 'ours', expires: 'never' }]
  expect(errorOf(() => loadConfig(root, { exceptions }, undefined, {})).message).toMatch(/options: "exceptions\[0\]/)
})

test('exceptions know where they are written', () => {
  const exceptions = [{ code: 'package/new', reason: 'ours', expires: '2030-01-31' }]
  put('audit-deps.json', `{\n  "failOn": "low",\n  "exceptions": ${JSON.stringify(exceptions)}\n}`)
  expect(loadConfig(root, {}, undefined, {}).exceptions[0]?.where).toEqual({ path: 'audit-deps.json', line: 3 })
  rmSync(join(root, 'audit-deps.json'))
  put('package.json', `{\n\n\n"exceptions": 1, "auditDeps": {\n  "exceptions": ${JSON.stringify(exceptions)} } }`)
  expect(loadConfig(root, {}, undefined, {}).exceptions[0]?.where).toEqual({ path: 'package.json', line: 5 })
})

describe('codes of secrets are those of the signatures', () => {
  const check = (code: string, more: object = {}) =>
    checkSecretCodes({ ...defaults, severities: { [code]: 'low' }, ...more })
  test('a known one, and one of the catalog', async () => {
    await check('secret/github-pat')
    await check('secret/tracked-env')
  })
  test('a typing error', async () =>
    await expect(check('secret/github-patt')).rejects.toMatchObject({ hint: 'did you mean "secret/github-pat"?' }))
  test('rules of a gitleaks configuration bring their own', () =>
    check('secret/our-own', { gitleaksConfig: 'gitleaks.toml' }))
})

const covered = { code: 'package/new', reason: 'ours', expires: '2030-01-31' }

describe('the schema for editors says what the code says', () => {
  const schema = JSON.parse(readFileSync(new URL('../src/config.schema.json', import.meta.url), 'utf8'))
  const validate = new Ajv({ formats: { date: true }, strict: false }).compile(schema)
  const accepts = (value: unknown) => {
    try {
      checkFields(value, 'user')
      return true
    } catch (error) {
      expect(error).toBeInstanceOf(FieldError)
      return false
    }
  }

  test('the same fields', () =>
    expect(Object.keys(schema.properties).sort()).toEqual(
      [...Object.keys({ ...fileFields, ...userFields }), '$schema'].sort(),
    ))

  const id = '0123456789abcdef'.repeat(2)
  const cases: Record<keyof typeof fileFields | keyof typeof userFields, { good: unknown[]; bad: unknown[] }> = {
    extends: { good: [...presetNames], bad: ['none', ['ci'], null] },
    only: { good: [['secrets'], ['lockfile', 'phantom']], bad: ['secrets', ['all'], []] },
    failOn: { good: ['low', 'never', { secrets: 'low' }, {}], bad: ['none', 3, { all: 'low' }, { secrets: 'none' }] },
    severities: {
      good: [{}, { 'package/new': 'info', 'secret/github-pat': 'critical' }],
      bad: [[], { 'package/new': 'none' }, { nothing: 'low' }],
    },
    exceptions: {
      good: [[], [covered], [{ ...covered, package: '@a/*', path: 'x/**', version: '1', secret: id, fingerprint: id }]],
      bad: [
        covered,
        [{ ...covered, reason: undefined }],
        [{ ...covered, reason: ' ' }],
        [{ ...covered, expires: undefined }],
        [{ ...covered, expires: '31.1.2030' }],
        [{ reason: 'all', expires: '2030-01-31' }],
        [{ reason: 'all', expires: '2030-01-31', version: '1.0.0' }],
        [{ ...covered, secret: 'short' }],
        [{ ...covered, until: '2030' }],
      ],
    },
    paths: { good: [{}, { ignore: ['a/**'] }], bad: [['a'], { ignore: 'a' }, { ignore: [''] }, { include: [] }] },
    offline: { good: [true, false], bad: ['true'] },
    history: { good: [true, false], bad: [1] },
    osv: { good: [true, false], bad: ['yes'] },
    advisories: { good: ['../osv.zip'], bad: ['', true] },
    registry: {
      good: ['https://registry.example/', 'HTTP://registry.example'],
      bad: ['registry.example', 1, 'file:///x'],
    },
    privateNames: { good: [[], ['@acme/*']], bad: ['@acme/*', [''], [1]] },
    confusion: { good: [true, false], bad: ['yes', 1] },
    allowedHosts: { good: [['a.example']], bad: [[null]] },
    exactVersions: { good: [true, false], bad: ['all'] },
    required: { good: [['lockfile', 'downloads']], bad: [['everything']] },
    minimumPackageAgeDays: { good: [0, 30], bad: [-1, 1.5, '3'] },
    minimumVersionAgeDays: {
      good: [0, { '@acme/*': 0, '*': 7 }],
      bad: [-1, ['@acme/*'], { '@acme/*': -1 }, { '': 1 }],
    },
    minimumWeeklyDownloads: { good: [0], bad: [null] },
    guard: {
      good: [{}, { typosquat: 'warn', minimumAgeHours: 0 }],
      bad: ['block', { typosquat: 'never' }, { nothing: 'warn' }, { minimumAgeHours: -1 }],
    },
  }
  test('the README’s example is one', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const example = /```json\n(\{\n {2}"\$schema"[\s\S]*?)```/.exec(readme)?.[1]
    const parsed: unknown = JSON.parse(example ?? 'none')
    expect([accepts(parsed), validate(parsed)]).toEqual([true, true])
  })

  const rows = Object.entries(cases).flatMap(([field, { good, bad }]) => [
    ...good.map((value) => [field, value, true] as const),
    ...bad.map((value) => [field, value, false] as const),
  ])
  test.each(rows)('%s: %j → %s', (field, value, good) => {
    const file: unknown = JSON.parse(JSON.stringify({ [field]: value }))
    expect([accepts(file), validate(file)]).toEqual([good, good])
  })
})

describe('every field is checked', () => {
  test.each<[string, unknown, RegExp, RegExp]>([
    ['an unknown key', { failon: 'low' }, /unknown field "failon"/, /did you mean "failOn"/],
    ['a word that is no band', { failOn: 'severe' }, /"failOn" is "severe"/, /low, medium, high, critical, never/],
    ['a number as text', { minimumPackageAgeDays: '7' }, /minimumPackageAgeDays/, /whole number/],
    ['a negative number', { minimumWeeklyDownloads: -1 }, /minimumWeeklyDownloads/, /whole number/],
    ['a list with a hole', { allowedHosts: ['a', 3] }, /allowedHosts\[1\]/, /host name/],
    ['no object', '[]', /does not hold a JSON object/, /README/],
    ['no JSON', '{ "failOn": ', /is not JSON/, /mend it/],
    [
      'whom to ask is the user’s alone',
      { registry: 'https://evil.example/' },
      /"registry", which the audited project has no say in/,
      /--registry.*--config FILE/,
    ],
    ['no scanner at all, which would find nothing and pass', { only: [] }, /"only" is \[\]/, /one or more of secrets/],
    ['an unknown code', { severities: { 'package/nev': 'low' } }, /unknown code "package\/nev"/, /"package\/new"/],
    ['a prototype key for a code', '{"severities": {"__proto__": "low"}}', /unknown code "__proto__"/, /explain/],
    [
      'an unknown key of an exception',
      { exceptions: [{ ...covered, expire: 1 }] },
      /exceptions\[0\]\.expire"/,
      /expires/,
    ],
    ['no reason', { exceptions: [{ ...covered, reason: ' ' }] }, /exceptions\[0\]" gives no reason/, /why/],
    ['no end', { exceptions: [{ ...covered, expires: undefined }] }, /"exceptions\[0\]" has no end/, /last day/],
    ['a day that does not exist', { exceptions: [{ ...covered, expires: '2030-02-30' }] }, /2030-02-30/, /a day/],
    [
      'an exception for everything',
      { exceptions: [{ reason: 'x', expires: '2030-01-01' }] },
      /would accept everything/,
      /fingerprint/,
    ],
    ['a baseline that the project chooses', { baseline: false }, /unknown field "baseline"/, /fields/],
    ['a prototype key', '{"__proto__": {}}', /unknown field "__proto__"/, /known fields/],
  ])('%s', (_title, content, message, hint) => {
    put('audit-deps.json', content)
    const error = errorOf(() => loadConfig(root, {}, undefined, {}))
    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(hint)
  })

  test('what is no JSON is not quoted: it may hold a secret', () => {
    put('audit-deps.json', 'hunter2hunter2')
    expect(errorOf(() => loadConfig(root, {}, undefined, {})).message).not.toMatch(/hunter2/)
  })

  test('a scanner named twice runs once', () => {
    put('audit-deps.json', { only: ['secrets', 'secrets'] })
    expect(loadConfig(root, {}, undefined, {}).only).toEqual(['secrets'])
  })

  test("the library's callers are checked as the command line is", () => {
    const only = ['secrts'] as unknown as ['secrets']
    expect(errorOf(() => loadConfig(root, { only }, undefined, {})).message).toMatch(/the options: "only\[0\]"/)
    expect(errorOf(() => loadConfig(root, { only: [] }, undefined, {})).code).toBe('CONFIG_INVALID')
    const registry = errorOf(() => loadConfig(root, { registry: 'file:///npm' }, undefined, {}))
    expect(registry).toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringMatching(/^it takes an http\(s\) URL/),
    })
    expect(loadConfig(root, { registry: 'https://a.example/npm' }, undefined, {}).registry).toBe(
      'https://a.example/npm',
    )
  })

  test.each(['audit-deps.json', 'package.json'])('%s may be a link that leads out, a loop or a pipe', (name) => {
    const outcome = () => {
      try {
        return loadConfig(root, {}, undefined, {})
      } catch (error) {
        return (error as AuditError).code
      }
    }
    // Of package.json the scanners say so; here it configures nothing.
    const refused = name === 'package.json' ? defaults : 'CONFIG_INVALID'
    const elsewhere = mkdtempSync(join(tmpdir(), 'audit-deps-config-'))
    writeFileSync(join(elsewhere, 'there.json'), '{"failOn":"never","auditDeps":{"failOn":"never"}}')
    symlinkSync(join(elsewhere, 'there.json'), join(root, name))
    expect(outcome()).toEqual(refused)
    rmSync(elsewhere, { recursive: true })
    rmSync(join(root, name))
    symlinkSync(name, join(root, name))
    expect(outcome()).toEqual(refused)
    rmSync(join(root, name))
    execFileSync('mkfifo', [join(root, name)])
    expect(outcome()).toEqual(refused)
  })

  test.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['', false],
  ])('AUDIT_DEPS_OSV=%s: OSV is asked: %s', (value, osv) => {
    expect(loadConfig(root, {}, undefined, { AUDIT_DEPS_OSV: value }).osv).toBe(osv)
    expect(loadConfig(root, { osv: true }, undefined, { AUDIT_DEPS_OSV: value }).osv).toBe(true)
  })

  test('whether OSV is asked is not for the project to say, nor in other words', () => {
    put('audit-deps.json', { osv: true })
    expect(errorOf(() => loadConfig(root, {}, undefined, {})).message).toMatch(/"osv", which the audited project/)
    put('audit-deps.json', {})
    expect(errorOf(() => loadConfig(root, {}, undefined, { AUDIT_DEPS_OSV: 'yes' })).message).toMatch(/AUDIT_DEPS_OSV/)
  })

  describe('what is the user’s alone', () => {
    const own = { osv: true, advisories: 'osv.zip', registry: 'https://registry.example' }
    const elsewhere = (content: object) => {
      const file = join(mkdtempSync(join(tmpdir(), 'audit-deps-config-')), 'mine.json')
      writeFileSync(file, JSON.stringify(content))
      return file
    }

    test('is taken from a file of --config; a path in it starts there; flag and environment beat it', () => {
      const file = elsewhere(own)
      const { config, origins } = loadSettings(root, {}, file, {})
      expect(config).toMatchObject({
        ...own,
        advisories: join(file, '../osv.zip'),
        registry: 'https://registry.example/',
      })
      expect(origins.osv).toEqual({ from: 'file', where: expect.stringMatching(/mine\.json$/) })
      expect(loadConfig(root, { osv: false }, file, {}).osv).toBe(false)
      expect(loadConfig(root, {}, file, { AUDIT_DEPS_OSV: '0' }).osv).toBe(false)
    })

    test.each(Object.entries(own))('not of a file in the audited repository, named or not: %s', (name, value) => {
      put('audit-deps.json', { [name]: value })
      const folder = join(root, 'packages')
      mkdirSync(folder)
      mkdirSync(join(root, '.git'))
      symlinkSync(join(root, 'audit-deps.json'), join(tmpdir(), `${root.split('/').at(-1)}.json`))
      const link = join(tmpdir(), `${root.split('/').at(-1)}.json`)
      for (const [from, file] of [
        [root, undefined],
        [root, join(root, 'audit-deps.json')],
        [folder, join(root, 'audit-deps.json')],
        [folder, link],
      ] as const) {
        const error = errorOf(() => loadConfig(from, {}, file, {}))
        expect(error.message).toContain(`"${name}", which the audited project has no say in`)
        expect(error.hint).toContain(`--${name}`)
      }
      rmSync(link)
    })

    test.each<[object, RegExp]>([
      [{ registry: 'https://me:hunter2@' }, /"registry" is no address of a registry/],
      [{ registry: 'file:///etc' }, /"registry" is no address/],
      [{ osv: 'yes' }, /"osv" is "yes"/],
      [{ advisories: '' }, /"advisories" is ""/],
    ])('is checked there too: %j', (content, message) => {
      const error = errorOf(() => loadConfig(root, {}, elsewhere(content), {}))
      expect(error.message).toMatch(message)
      expect(error.message).not.toContain('hunter2')
    })
  })

  test('the file of --config must be there', () =>
    expect(errorOf(() => loadConfig(root, {}, join(root, 'none.json'), {})).message).toMatch(/cannot read/))

  test('a folder called audit-deps.json is no configuration', () => {
    mkdirSync(join(root, 'audit-deps.json'))
    expect(loadConfig(root, {}, undefined, {})).toEqual(defaults)
  })

  test('the environment is checked too', () =>
    expect(errorOf(() => loadConfig(root, {}, undefined, { AUDIT_DEPS_FAIL_ON: 'x' })).message).toMatch(/FAIL_ON/))
})
