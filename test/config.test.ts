import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaults, loadConfig } from '../src/config.ts'
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
      /unknown field "registry"/,
      /known fields/,
    ],
    ['no scanner at all, which would find nothing and pass', { only: [] }, /"only" is \[\]/, /one or more of secrets/],
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

  test('the file of --config must be there', () =>
    expect(errorOf(() => loadConfig(root, {}, join(root, 'none.json'), {})).message).toMatch(/cannot read/))

  test('a folder called audit-deps.json is no configuration', () => {
    mkdirSync(join(root, 'audit-deps.json'))
    expect(loadConfig(root, {}, undefined, {})).toEqual(defaults)
  })

  test('the environment is checked too', () =>
    expect(errorOf(() => loadConfig(root, {}, undefined, { AUDIT_DEPS_FAIL_ON: 'x' })).message).toMatch(/FAIL_ON/))
})
