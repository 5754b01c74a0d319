import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Adapter, Plan, Surroundings } from '../../src/guard/adapters/adapter.ts'
import { bun, planBunx } from '../../src/guard/adapters/bun.ts'
import { creator, npm, planNpx } from '../../src/guard/adapters/npm.ts'
import { planPnpx, pnpm } from '../../src/guard/adapters/pnpm.ts'
import { berry, classic } from '../../src/guard/adapters/yarn.ts'
import { parseCommandLine, withoutOptions } from '../../src/guard/commandline.ts'

const here: Surroundings = {
  scripts: new Set(['build']),
  hasBin: (name) => name === 'eslint',
  environment: {},
}

const planOf = (adapter: Adapter, text: string, given: Partial<Surroundings> = {}): Plan => {
  const argv = text === '' ? [] : text.split(' ')
  return adapter.plan(parseCommandLine(argv, adapter.valued), argv, { ...here, ...given })
}

describe('what each command line is', () => {
  const lines: readonly (readonly [Adapter, string, Plan['kind']])[] = [
    [npm, '', 'pass'],
    [npm, '--version', 'pass'],
    [npm, 'run build', 'pass'],
    [npm, 'test', 'pass'],
    [npm, 'view left-pad', 'pass'],
    [npm, 'install --help', 'pass'],
    [npm, 'install --dry-run x', 'pass'],
    [npm, 'install --dry-run --no-dry-run x', 'resolve'],
    [npm, 'install --dry-run --dry-run=false x', 'resolve'],
    [npm, 'install --no-dry-run --dry-run x', 'pass'],
    [npm, 'install x --dry-run false', 'resolve'],
    [npm, 'install --dry-run --no-dry x', 'refuse'],
    [npm, 'install --help --no-usage x', 'resolve'],
    [npm, 'ci --package-lock-only --no-package-lock-only', 'frozen'],
    [npm, 'ci --regis=https://registry.example/', 'refuse'],
    [npm, 'install --userc=./npmrc x', 'refuse'],
    ...[
      '-registry=x',
      '---registry=x',
      '-reg x',
      '-no-dry-run',
      '--no-no-dry-run',
      '-userconfig=x',
      '--strict=false',
    ].map((option) => [npm, `install ${option} y`, 'refuse'] as const),
    [npm, 'install -@acme:registry=https://registry.example/ x', 'refuse'],
    [npm, 'install --@acme:registry=https://registry.example/ x', 'resolve'],
    [npm, 'install -D -s -dd --no-audit --no-package-lock --omit=dev x', 'resolve'],
    [npm, 'install --reg=https://registry.example/ x', 'resolve'],
    [npm, 'install', 'resolve'],
    [npm, 'i x', 'resolve'],
    [npm, '--prefix app isntall x', 'resolve'],
    [npm, 'ci', 'frozen'],
    [npm, 'clean-install', 'frozen'],
    [npm, 'up', 'resolve'],
    [npm, 'uninstall x', 'resolve'],
    [npm, 'dedupe', 'resolve'],
    [npm, 'audit', 'pass'],
    ...['pack', 'publish', 'pack . ./lib ../a/b /tmp/x @acme/x@^1 y@>=2', 'publish x-1.0.0.tgz ./out/x.tgz'].map(
      (text) => [npm, text, 'pass'] as const,
    ),
    ...['diff src/index.js --diff x@1 --diff=@acme/y', 'cache add x@1', 'cache rm key:https://x', 'c ls'].map(
      (text) => [npm, text, 'pass'] as const,
    ),
    ...['pack acme/tool', 'publish --dry-run git+https://git.example/x.git', 'publish out/x.tgz', 'c add a/b'].map(
      (text) => [npm, text, 'refuse'] as const,
    ),
    [npm, 'diff --diff=acme/x#main --diff=x', 'refuse'],
    [npm, 'pack git@git.example:acme/x', 'refuse'],
    [npm, 'pack x@github:acme/x', 'refuse'],
    [npm, 'audit fix --force', 'resolve'],
    [npm, 'install -g x', 'global'],
    [npm, 'install --location=global x', 'global'],
    [npm, 'install --location global x', 'global'],
    [npm, 'update -g', 'refuse'],
    [npm, 'it -g x', 'refuse'],
    [npm, 'uninstall -g x', 'pass'],
    [npm, 'exec x', 'exec'],
    [npm, 'x -- y', 'exec'],
    [npm, 'exec --package=x -- y', 'exec'],
    [npm, 'init', 'pass'],
    [npm, 'init react-app x', 'exec'],
    [npm, 'link x', 'refuse'],
    [npm, 'it x', 'refuse'],
    [npm, 'instal', 'resolve'],
    [npm, 'instal-something-new x', 'refuse'],
    [pnpm, 'install', 'resolve'],
    [pnpm, 'i --frozen-lockfile', 'frozen'],
    [pnpm, 'i --frozen-lockfile --no-frozen-lockfile', 'resolve'],
    [pnpm, 'i --frozen-lockfile --no-frozen', 'refuse'],
    [pnpm, 'i --frozen-lockfile -no-frozen-lockfile', 'refuse'],
    [pnpm, 'i --frozen-lockfile --config.frozenLockfile=false', 'refuse'],
    [pnpm, 'add x --config.registry=https://registry.example/', 'refuse'],
    [pnpm, 'add x --config.node-linker=hoisted', 'resolve'],
    [pnpm, 'i -r --frozen-lockfile --ignore-scripts --prod', 'frozen'],
    [pnpm, 'i --no-lockfile', 'resolve'],
    [pnpm, 'i --frozen-lockfile --lockfile-dir ../other', 'refuse'],
    [pnpm, 'i --frozen-lockfile --lockfile-d=../other', 'refuse'],
    [pnpm, 'add x --lockfile-only', 'pass'],
    [pnpm, 'add x --lockfile-only false', 'resolve'],
    [pnpm, 'add x --lockfile-only --no-lockfile-only', 'resolve'],
    [pnpm, 'add x', 'resolve'],
    [pnpm, 'up', 'resolve'],
    [pnpm, 'rm x', 'resolve'],
    [pnpm, 'dlx x -h', 'exec'],
    [pnpm, 'create vite', 'exec'],
    [pnpm, 'add -g x', 'global'],
    [pnpm, 'it -g x', 'refuse'],
    [pnpm, 'rm -g x', 'pass'],
    [pnpm, 'update -g', 'refuse'],
    [pnpm, 'build', 'pass'],
    [pnpm, 'eslint', 'pass'],
    [pnpm, 'self-update', 'refuse'],
    [pnpm, 'dedupe', 'refuse'],
    [pnpm, 'deploy out', 'refuse'],
    [classic, '', 'resolve'],
    [classic, 'install --frozen-lockfile', 'frozen'],
    [classic, 'add x', 'resolve'],
    [classic, 'add x --help', 'resolve'],
    [classic, 'add --help', 'pass'],
    [classic, '-h add', 'pass'],
    [classic, 'add x -v', 'pass'],
    [classic, 'upgrade', 'resolve'],
    [classic, 'policies set-version 1.22.0', 'refuse'],
    [classic, 'workspace app add x', 'resolve'],
    [classic, 'workspace app run build', 'pass'],
    [classic, 'global add x', 'global'],
    [classic, 'build', 'pass'],
    [classic, 'nothing', 'refuse'],
    [berry, '', 'resolve'],
    [berry, 'install --immutable', 'frozen'],
    [berry, 'install --immutable --no-immutable', 'resolve'],
    [berry, 'up x', 'resolve'],
    [berry, 'add x --help', 'pass'],
    [berry, 'dlx x', 'exec'],
    [berry, 'plugin import x', 'refuse'],
    [berry, 'plugin list', 'pass'],
    [berry, 'workspaces foreach -A add x', 'refuse'],
    [berry, 'set version stable', 'refuse'],
    [bun, 'install', 'resolve'],
    [bun, 'ci', 'frozen'],
    [bun, 'a x', 'resolve'],
    [bun, 'update', 'resolve'],
    [bun, 'x y', 'exec'],
    [bun, 'add -g x', 'global'],
    [bun, 'update -g', 'refuse'],
    [bun, 'rm -g x', 'pass'],
    [bun, 'link -g x', 'refuse'],
    [bun, 'run build', 'pass'],
    [bun, 'index.ts', 'pass'],
    [bun, 'upgrade', 'refuse'],
    [bun, 'link x', 'refuse'],
  ]
  it.each(lines.map(([adapter, text, kind]) => [adapter.program, text, kind, adapter] as const))(
    '%s %s: %s',
    (_program, text, kind, adapter) => expect(planOf(adapter, text).kind).toBe(kind),
  )

  it('takes the lockfile as it is where CI makes the manager do so', () => {
    for (const adapter of [pnpm, berry])
      expect(planOf(adapter, 'install', { environment: { CI: '1' } }).kind).toBe('frozen')
    for (const adapter of [npm, bun])
      expect(planOf(adapter, 'install', { environment: { CI: '1' } }).kind).toBe('resolve')
  })

  it.each([
    ['pnpm install --no-frozen-lockfile', pnpm],
    ['pnpm install --frozen-lockfile=false', pnpm],
    ['yarn install --no-immutable', berry],
  ])('and not where it is told otherwise: %s', (text, adapter) =>
    expect(planOf(adapter, text.replace(/^\w+ /, ''), { environment: { CI: '1' } }).kind).toBe('resolve'),
  )

  it('resolves with the user’s own words, and installs without the names', () => {
    const plan = planOf(npm, 'install --omit dev -D left-pad@^1 --registry=https://registry.example/ -- -odd')
    expect(plan).toMatchObject({
      specs: ['left-pad@^1', '-odd'],
      install: ['install', '--package-lock', '--omit', 'dev', '-D', '--registry=https://registry.example/'],
    })
    expect(plan.kind === 'resolve' && plan.resolve).toEqual(
      expect.arrayContaining(['install', '--package-lock-only', '--ignore-scripts', 'left-pad@^1', '--', '-odd']),
    )
  })

  it('leaves manifest and lockfile alone where the user says so', () => {
    for (const text of ['install --no-save x', 'install --save=false x', 'i x --no-package-lock'])
      expect(planOf(npm, text)).toMatchObject({ unsaved: true, specs: ['x'] })
    expect(planOf(npm, 'install x')).not.toHaveProperty('unsaved')
  })

  it.each<[string, Plan, object]>([
    ['npx', planNpx(['-y', 'x@1', '--help']), { specs: ['x@1'], args: ['--help'] }],
    ['npx, local first', planNpx(['tsc']), { specs: ['tsc'], local: { bin: 'tsc' } }],
    ['npx -p', planNpx(['-p', 'x', '--package=y', 'z', 'a']), { specs: ['x', 'y'], bin: 'z', args: ['a'] }],
    ['npx -c', planNpx(['-p', 'x', '-c', 'x | y; z']), { specs: ['x'], shell: 'x | y; z' }],
    ['npx --', planNpx(['--', 'x', '-a']), { specs: ['x'], args: ['-a'] }],
    ['npx alone', planNpx([]), { kind: 'pass' }],
    ['pnpx', planPnpx(['--package=x', 'y', '-v']), { specs: ['x'], bin: 'y', args: ['-v'] }],
    ['bunx', planBunx(['--bun', 'x', '--bun']), { specs: ['x'], args: ['--bun'] }],
    ['yarn dlx', planOf(berry, 'dlx -p x y --flag'), { specs: ['x'], bin: 'y', args: ['--flag'] }],
  ])('%s', (_what, plan, expected) => expect(plan).toMatchObject(expected))

  it.each([
    ['react-app', 'create-react-app'],
    ['vite@5', 'create-vite@5'],
    ['@acme', '@acme/create'],
    ['@acme@2', '@acme/create@2'],
    ['@acme/app', '@acme/create-app'],
    ['@acme/app@2', '@acme/create-app@2'],
  ])('create %s → %s', (initializer, name) => expect(creator(initializer)).toBe(name))
})

describe('parseCommandLine', () => {
  it('loses no word and makes none up', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('--', '-g', '--omit', '--omit=dev', 'install', '; rm', '$(x)', 'C:\\x'),
    )
    fc.assert(
      fc.property(fc.array(word), fc.boolean(), (argv, tool) => {
        const { command, words, options, rest } = parseCommandLine(argv, new Set(['--omit']), tool)
        const found = [
          ...(command === undefined ? [] : [command]),
          ...words,
          ...options.flatMap((one) => one.written),
          ...rest,
        ]
        expect(found.length).toBe(argv.length - (argv.includes('--') && found.length < argv.length ? 1 : 0))
        expect([...found].sort()).toEqual(expect.arrayContaining([...rest].sort()))
      }),
    )
  })

  it.each([
    ['--prefix app install x', 'install x'],
    ['install -C app x --prefix=other', 'install x'],
    ['install x --omit dev -- --prefix app', 'install x --omit dev -- --prefix app'],
    ['install --prefix', 'install'],
    ['install x', 'install x'],
  ])('without the folder: %s', (text, left) => {
    const argv = text.split(' ')
    expect(withoutOptions(argv, parseCommandLine(argv, npm.valued), npm.folder).join(' ')).toBe(left)
  })

  it('takes every command line to some plan', () => {
    const word = fc.constantFrom(
      'install',
      'add',
      'x',
      '-g',
      '--prefix',
      '--',
      'exec',
      'dlx',
      'workspace',
      'global',
      '-p',
      '',
    )
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 6 }),
        fc.constantFrom(npm, pnpm, classic, berry, bun),
        (argv, adapter) => {
          const plan = adapter.plan(parseCommandLine(argv, adapter.valued), argv, here)
          expect(['pass', 'frozen', 'resolve', 'global', 'exec', 'refuse']).toContain(plan.kind)
        },
      ),
    )
  })
})
