import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { installCommands } from '../../src/names/install-commands.ts'

/** `manager action spec spec`, one a command. */
const read = (line: string): string[] =>
  installCommands(line).map(({ manager, action, specs }) =>
    [manager, action, ...specs.map(({ text }) => text)].join(' '),
  )

describe('install commands', () => {
  it.each([
    ['npm i', ['npm install']],
    ['npm install left-pad', ['npm install left-pad']],
    ['npm i -D left-pad@^1.3.0 @scope/name@next', ['npm install left-pad@^1.3.0 @scope/name@next']],
    ['npm add a b --save-dev c', ['npm install a b c']],
    ['npm isntall x', ['npm install x']],
    ['npm --prefix app install x', ['npm install x']],
    ['npm install --registry https://registry.example/ x', ['npm install x']],
    ['npm i -w web x', ['npm install x']],
    ['npm ci', ['npm ci']],
    ['npm run build', []],
    ['npm exec -- eslint .', ['npm execute eslint']],
    ['npm exec --package=yo --package=generator-x -- yo x', ['npm execute yo generator-x']],
    ['npx -y cowsay@1 hello', ['npm execute cowsay@1']],
    ['npx -p typescript tsc --init', ['npm execute typescript']],
    ['npx --yes -p a -p b -c "a | b"', ['npm execute a b']],
    ['npx pnpm@9 add x', ['npm execute pnpm@9', 'pnpm install x']],
    ['npx cross-env A=1 npm i x', ['npm execute cross-env', 'npm install x']],
    ['npx concurrently "npm i x" "yarn b"', ['npm execute concurrently', 'npm install x']],
    ['NPM i x', ['npm install x']],
    ['yarn workspaces foreach -A --include web add x', ['yarn install x']],
    ['yarn workspaces foreach -A run add', []],
    ['yarn workspaces info', []],
    ['npm create vite@latest my-app -- --template vue', ['npm create create-vite@latest']],
    ['npm init @scope', ['npm create @scope/create']],
    ['npm init @scope/app@2', ['npm create @scope/create-app@2']],
    ['npm init -y', []],
    ['pnpm add -Dw x y', ['pnpm install x y']],
    ['pnpm --filter web add x', ['pnpm install x']],
    ['pnpm -F web add x', ['pnpm install x']],
    ['pnpm -w add x', ['pnpm install x']],
    ['pnpm dlx degit a/b', ['pnpm execute degit']],
    ['pnpm --package=x dlx y', ['pnpm execute x']],
    ['npm --package=x exec -- y', ['npm execute x']],
    ['yarnpkg dlx x', ['yarn execute x']],
    ['yarnpkg create react-app my-app', ['yarn create create-react-app']],
    ['pnpm exec eslint', []],
    ['pnpm create next-app', ['pnpm create create-next-app']],
    ['yarn', ['yarn install']],
    ['yarn add x@npm:y@1', ['yarn install x@npm:y@1']],
    ['yarn global add x', ['yarn install x']],
    ['yarn workspace web add -D x', ['yarn install x']],
    ['yarn dlx -p a b', ['yarn execute a']],
    ['yarn create react-app my-app', ['yarn create create-react-app']],
    ['yarn build', []],
    ['yarn --version', []],
    ['bun add x', ['bun install x']],
    ['bun a x', ['bun install x']],
    ['bunx cowsay hi', ['bun execute cowsay']],
    ['bun x cowsay', ['bun execute cowsay']],
    ['deno add npm:chalk@5 jsr:@std/path', ['deno install chalk@5']],
    ['deno x npm:cowsay', ['deno execute cowsay']],
    ['deno create npm:vite', ['deno execute vite']],
    ['deno cache npm:a npm:b', ['deno install a b']],
    ['ni vite -D', ['npm install vite']],
    ['ni', ['npm install']],
    ['nci', ['npm ci']],
    ['nlx cowsay hi', ['npm execute cowsay']],
    ['sudo ni x', ['npm install x']],
    ['npm explore y -- npm i x', ['npm install x']],
    // where a command can hide
    ['cd app && npm i x', ['npm install x']],
    ['npm i a; npm i b || npm i c | tee log', ['npm install a', 'npm install b', 'npm install c']],
    ['sudo -E npm i -g x', ['npm install x']],
    ['sudo -u me npm i x', ['npm install x']],
    ['CI=1 NODE_ENV=test npm i x', ['npm install x']],
    ['env FOO=1 npx x', ['npm execute x']],
    ['corepack pnpm add x', ['pnpm install x']],
    ['timeout 60 npx x', ['npm execute x']],
    ['docker run --rm -it node:20 npx -y x', ['npm execute x']],
    ['bash -lc "npm i x && npx y"', ['npm install x', 'npm execute y']],
    ["sh -c 'npm i x'", ['npm install x']],
    ['if ! command -v x; then npm i -g x; fi', ['npm install x']],
    ['echo $(npx x)', ['npm execute x']],
    ['V="$(npx x --version)"', ['npm execute x']],
    ['V=`npx x`', ['npm execute x']],
    ['(npm i x)', ['npm install x']],
    ['$ npm i x', ['npm install x']],
    ['npm i \\\n  a \\\n  b', ['npm install a b']],
    ['npm i x > log 2>&1', ['npm install x']],
    ['npm i x # and y', ['npm install x']],
    ['/usr/bin/npm i x', ['npm install x']],
    ['npm.cmd i x', ['npm install x']],
    ['npm i "x" \'y@1\'', ['npm install x y@1']],
    ['npm i <package>', ['npm install']],
    ['npm i $PKG', ['npm install $PKG']],
    // what is none
    ['git commit -m "npm i x"', []],
    ['grep -rn "npm install" docs', []],
    ['echo npm install x', []],
    ['cat npm install', []],
    ['', []],
  ])('%j', (line, expected) => expect(read(line)).toEqual(expected))

  it('says where each name stands', () => {
    const line = 'cd app && npm i -D left-pad "right-pad"'
    const [command] = installCommands(line)
    expect(line.slice(command!.at)).toMatch(/^npm i/)
    expect(command!.specs.map(({ at }) => line.slice(at))).toEqual(['left-pad "right-pad"', '"right-pad"'])
    const nested = 'bash -c "cd x && npx y"'
    expect(nested.slice(installCommands(nested)[0]!.specs[0]!.at)).toBe('y"')
    expect(installCommands('npm i -D x --registry=https://registry.example/')[0]!.flags).toEqual([
      '-D',
      '--registry=https://registry.example/',
    ])
  })

  it('takes any text, in bounded time', () => {
    const piece = fc.constantFrom('npm', ' i ', 'npx ', '"', "'", '\\', '\n', '$(', '`', ')', ';', '-p', ' x', '>', '#')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const line = pieces.join('')
        for (const { at, specs } of installCommands(line))
          for (const place of [at, ...specs.map((spec) => spec.at)]) expect(place).toBeLessThan(line.length)
      }),
    )
    for (const hostile of [
      '"'.repeat(100_000),
      'sh -c "'.repeat(20_000),
      '$('.repeat(50_000),
      '\\'.repeat(100_000),
      "npm i ' ".repeat(12_000),
    ]) {
      const started = performance.now()
      installCommands(hostile)
      expect(performance.now() - started).toBeLessThan(2_000)
    }
  })
})
