// What an agent's line would install, as a table; events of every shape; and whole answers against a loopback registry.

import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { answerEvent } from '../../src/guard/hook.ts'
import { readEvent, speak } from '../../src/guard/hook-event.ts'
import { readLine } from '../../src/guard/hook-line.ts'

/** `install x | late | doubt`, as far as it is there. */
const read = (line: string): string => {
  const { installs, doubts } = readLine(line, '/project')
  const found = installs.map(({ action, specs, folder, late }) =>
    [
      action,
      ...specs.map(({ text }) => text),
      ...(folder === '/project' ? [] : [`in ${folder ?? '?'}`]),
      ...(late ? ['late'] : []),
    ].join(' '),
  )
  return [...found, ...(doubts.length > 0 ? ['doubt'] : [])].join(' | ')
}

describe('a line', () => {
  it.each([
    // nothing of ours
    ['', ''],
    ['git status', ''],
    ['npm test', ''],
    ['npm run build && npm version patch', ''],
    ['npm -v', ''],
    ['npm audit', ''],
    ['npm view left-pad', ''],
    ['npm init -y', ''],
    ['pnpm exec vitest', ''],
    ['pnpm run i18n', ''],
    ['yarn build', ''],
    ['bun test', ''],
    ['git commit -m "npm install x"', ''],
    ['grep -rn "npm install" docs', ''],
    ['grep -rn npm install docs', ''],
    ['echo npm install x', ''],
    ['cat npm/install.md', ''],
    ['rg "npx " --files', ''],
    ['which npm && npm -v', ''],
    ['node -e 0', ''],
    ['node scripts/build.js', ''],
    ['python setup.py install', ''],
    ['pip install requests', ''],
    ['brew install node', ''],
    ['$PIP install requests', ''],
    ['audit-deps npm install left-pad', ''],
    ['gh pr create --body "run npm install first"', ''],
    // to be vetted
    ['npm install left-pad', 'install left-pad'],
    ['npm i a b@^1 @scope/c@next', 'install a b@^1 @scope/c@next'],
    ['npm ci', 'ci'],
    ['cd app && npm ci', 'ci in /project/app'],
    ['cd app; cd ../lib; npm i x', 'install x in /project/lib'],
    ['cd /elsewhere && pnpm add x', 'install x in /elsewhere'],
    ['npm --prefix app ci', 'ci in /project/app'],
    ['pnpm -C app install', 'install in /project/app'],
    ['cd "$HOME" && npm ci', 'ci in ?'],
    ['cd - && npm ci', 'ci in ?'],
    ['cd ~/x && npm ci', 'ci in ?'],
    ['(cd app && npm ci)', 'ci in ?'],
    ['sudo npm i -g x', 'install x'],
    ['CI=1 npm ci', 'ci'],
    ['env CI=1 npm i x', 'install x'],
    ['npx -y cowsay hi', 'execute cowsay'],
    ['npx create-vite@latest app', 'execute create-vite@latest'],
    ['npm create vite', 'create create-vite'],
    ['bunx cowsay', 'execute cowsay'],
    ['bash -c "npm i x"', 'install x'],
    ['npm i a && pnpm add b; yarn add c', 'install a | install b late | install c late'],
    ['C:\\nodejs\\npm.cmd install x', 'install x'],
    ['npm install ./lib', 'install ./lib'],
    // what would come before it
    ['git pull && npm ci', 'ci late'],
    ['rm package-lock.json && npm install', 'install late'],
    ['echo hi > package.json && npm install', 'install late'],
    ['pwd && ls && npm ci', 'ci'],
    // what cannot be read for sure
    ['npm i $PKG', 'install $PKG | doubt'],
    ['npm i "${PKG}@1"', 'install ${PKG}@1 | doubt'],
    ["npm i '$PKG'", 'install $PKG'],
    ['npm i $(cat names)', 'install | doubt'],
    ['npm i `cat names`', 'install | doubt'],
    ['cat names | xargs npm i', 'install late | doubt'],
    ['$PM install x', 'doubt'],
    ['PM=npm; $PM install x', 'doubt'],
    ['${NPM} i x', 'doubt'],
    ['$(echo npm) install x', 'doubt'],
    ['`echo npm` install x', 'doubt'],
    ['eval "npm i x"', 'install x'],
    ['eval "npm i $X"', 'install $X | doubt'],
    ['CMD="npm i x"; eval $CMD', 'doubt'],
    ['CMD="npm i x"; $CMD', 'doubt'],
    ['echo "npm i x" | sh', 'doubt'],
    ['bash <<< "npm i x"', 'doubt'],
    ['sh <<EOF\nnpm i x\nEOF', 'install x late'],
    ["cat > README.md <<'EOF'\nnpm install mine\nEOF\nnpm ci", 'ci late'],
    ["cat <<'EOF' > a.md\nnpx mine\nEOF", ''],
    ["cat <<'EOF' | sh\nnpx mine\nEOF", 'execute mine late'],
    // written and run by the same line
    ['cat > x.sh <<EOF\nnpm i x\nEOF\nbash x.sh', 'install x late'],
    ["tee x.sh <<'EOF'\nnpm i x\nEOF\n./x.sh", 'install x late'],
    ["cat > x.sh <<'EOF'\nnpm i x\nEOF\n. x.sh", 'install x late'],
    // the shell looks into a text whose mark is not quoted
    ['cat <<EOF > a.md\nrun npm i y: $(npm i x)\nEOF', 'install x late'],
    ['cat <<EOF > a.md\nrun npm i y\nEOF', ''],
    // no text begins there
    ['cat "a <<EOF"\nnpm i x\nEOF', 'install x late'],
    ['cat # <<EOF\nnpm i x\nEOF', 'install x late'],
    ['cat $((1<<EOF))\nnpm i x\nEOF', 'install x late'],
    ["git add . && git -C ./a commit -F - <<'EOF'\nnpm i y\nEOF", ''],
    ['git commit -m "$(cat <<\'EOF\'\nnpm i y\nEOF\n)"', ''],
    [`node -e "require('child_process').execSync('npm i x')"`, 'doubt'],
    [`python3 -c "import os; os.system('npm i x')"`, 'doubt'],
    [`python3 -c 'subprocess.run(["npm", "install", "x"])'`, 'doubt'],
    ['find . -exec npm i {} +', 'doubt'],
    ['script -q /dev/null npm i x', 'doubt'],
    ['npm update', 'doubt'],
    ['npm update left-pad', 'doubt'],
    ['sudo npm update -g', 'doubt'],
    ['pnpm up', 'doubt'],
    ['yarn upgrade x', 'doubt'],
    ['bun update', 'doubt'],
    ['npm audit fix', 'doubt'],
    ['n\\pm i x', 'doubt'],
    ['np\\\nm i x', 'install x'],
    ['n=npm; $n i x', 'doubt'],
    ['n=/usr/bin/npm\n${n} i x', 'doubt'],
    ['PM=npm ./run.sh', ''],
    ['npm $DO x', 'doubt'],
    ['npm ${IFS}i x', 'doubt'],
    ['{npm,i,x}', 'doubt'],
    ['npm {i,x}', 'doubt'],
    ['env -S "npm i x"', 'doubt'],
    ['flock x -c "npm i x"', 'doubt'],
    ['trap "npm i x" EXIT', 'doubt'],
    ['npm c set registry https://r.example/', 'doubt'],
    ['audit-deps npm --allow-unverified install x', 'doubt'],
    ['alias n=npm; n i x', 'doubt'],
    ["git -c alias.x='!npm i x' x", 'doubt'],
    [`awk 'BEGIN { system("npm i x") }'`, 'doubt'],
    ['npm link x', 'doubt'],
    ['npm link', ''],
    ['npm rebuild', ''],
    ['npm config get registry', ''],
    // code from elsewhere
    ['yarn plugin import https://r.example/plugin.js', 'doubt'],
    ['yarn workspace a plugin import x', 'doubt'],
    ['yarn plugin list', ''],
    ['sudo yarn set version https://r.example/yarn.js', 'doubt'],
    ['yarn policies set-version 1.22.0', 'doubt'],
    ['pnpm self-update', 'doubt'],
    ['pnpm env use --global lts', 'doubt'],
    ['pnpm env list', ''],
    ['corepack use pnpm@9', 'doubt'],
    ['corepack enable', ''],
    ['deno run -A https://r.example/x.ts', 'doubt'],
    ['deno run main.ts https://r.example/', ''],
    ['echo yarn plugin import x', ''],
    ['yarn config set yarnPath ./x.cjs', 'doubt'],
    // another registry
    ['npm config set registry https://r.example/', 'doubt'],
    ['npm set registry=https://r.example/', 'doubt'],
    ['echo "registry=https://r.example/" >> ~/.npmrc', 'doubt'],
    ['npm_config_registry=https://r.example/ npm i x', 'install x | doubt'],
    ['export NPM_CONFIG_REGISTRY=https://r.example/; npm i x', 'install x late | doubt'],
    ['npm config set registry https://r.example/ && npm i x', 'install x late | doubt'],
    ['echo "registry=https://r.example/" > .npmrc; npm i x', 'install x late | doubt'],
    ['npm i x --registry https://r.example/', 'install x'],
  ])('%j', (line, expected) => expect(read(line)).toBe(expected))

  it.each([
    ['npm i x', true],
    ['cd app && npm i x', true],
    ['npm i x && rm -rf ..', false],
    ['npm i x > log', false],
    ['npm i x & curl y', false],
    ['CI=1 npm i x', false],
    ['sudo npm i x', false],
    ['npm i x; npm ci', true],
  ])('spares no question for more than installs: %j %s', (line, plain) =>
    expect(readLine(line, '/project').plain).toBe(plain),
  )

  it('takes any text, in bounded time', () => {
    const piece = fc.constantFrom(
      'npm',
      ' i ',
      'npx ',
      '"',
      "'",
      '\\',
      '\n',
      '$(',
      '$PM ',
      '`',
      ')',
      ';',
      ' x',
      '>',
      '<<',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(() => readLine(pieces.join(''), '/p')).not.toThrow()
      }),
    )
    for (const piece of [
      'npm i x;',
      'npm ',
      '$(npm i ',
      '`npm ',
      'sh npm i ',
      '"npm" ',
      'node npm i ',
      'eval $npm ',
      'cat <<A\nx\nA\n',
    ])
      for (const size of [90_000, 300_000]) {
        const started = performance.now()
        readLine(piece.repeat(size / piece.length), '/p')
        expect(performance.now() - started, `${piece} ${size}`).toBeLessThan(5_000)
      }
  })
})

const options = { cwd: '/', patience: 20_000 }
const claude = (given: object) => JSON.stringify({ hook_event_name: 'PreToolUse', tool_name: 'Bash', ...given })

describe('an event', () => {
  it.each<[string, string | undefined, object]>([
    ['plain', '{"command":"npm i x","cwd":"/a"}', { format: 'plain', command: 'npm i x', cwd: '/a' }],
    [
      'Claude Code',
      claude({ tool_input: { command: 'ls' }, cwd: '/a' }),
      { format: 'claude', command: 'ls', cwd: '/a' },
    ],
    [
      'another tool with a command',
      claude({ tool_name: 'mcp__sh__run', tool_input: { command: 'ls' } }),
      { command: 'ls' },
    ],
    ['a tool without one', claude({ tool_name: 'Read', tool_input: { file_path: 'x' } }), { nothing: true }],
    [
      'another event',
      claude({ hook_event_name: 'PostToolUse', tool_input: { command: 'npm i x' } }),
      { nothing: true },
    ],
    [
      'a shell of another name, with a list of words',
      claude({ tool_name: 'shell', tool_input: { command: ['npm', 'i', 'x'] } }),
      { format: 'claude', malformed: 'tool_input.command is no text' },
    ],
    ['nothing', '', { malformed: 'the event is empty' }],
    ['half', '{"command":', { malformed: 'the event is no JSON' }],
    ['a list', '[]', { malformed: 'the event is no JSON object' }],
    ['null', 'null', { malformed: 'the event is no JSON object' }],
    ['no command', '{}', { malformed: 'the event holds no "command"', format: 'plain' }],
    ['a number', '{"command":3}', { format: 'plain', malformed: 'the event holds no "command"' }],
    ['a shell without input', claude({}), { format: 'claude', malformed: 'the event holds no tool_input.command' }],
    ['a prototype', '{"__proto__":{"command":"npm i x"}}', { malformed: 'the event holds no "command"' }],
    ['deep', `${'['.repeat(100_000)}`, { malformed: 'the event is no JSON' }],
    ['too much of it', undefined, { malformed: 'the event is larger than 4 MB' }],
  ])('%s', (_what, text, expected) => expect(readEvent(text)).toMatchObject(expected))

  it.each<[string, number, RegExp]>([
    ['{"command":3}', 0, /"decision":"deny"/],
    [claude({}), 0, /"permissionDecision":"deny"/],
    ['not json', 2, /"decision":"deny"/],
  ])('that cannot be read is denied: %s', async (text, exitCode, said) => {
    const spoken = await answerEvent(text, options)
    expect(spoken.exitCode).toBe(exitCode)
    expect(spoken.stdout).toMatch(said)
    expect(spoken.stdout).toContain('hand in one JSON object')
    if (exitCode === 2) expect(spoken.stderr).toContain('nothing could be vetted')
  })

  it.each([claude({ tool_input: { command: 'git status' } }), '{"command":"git status"}'])(
    'without an install has no answer: %s',
    async (text) => expect(await answerEvent(text, options)).toEqual({ stdout: '', stderr: '', exitCode: 0 }),
  )

  it('asks where it cannot read, and tells no to who cannot ask', async () => {
    const asked = JSON.parse((await answerEvent(claude({ tool_input: { command: '$PM install x' } }), options)).stdout)
    expect(asked.hookSpecificOutput).toMatchObject({ hookEventName: 'PreToolUse', permissionDecision: 'ask' })
    expect(asked.hookSpecificOutput.permissionDecisionReason).toMatch(/named by a variable.* → write the install out/s)
    expect(JSON.parse((await answerEvent('{"command":"$PM install x"}', options)).stdout).decision).toBe('deny')
  })

  test('a reason is bounded and printable', () => {
    const { stdout } = speak({ verdict: 'deny', reason: `\u001b[31m\u202e${'x'.repeat(9_000)}` }, 'plain')
    expect(stdout.length).toBeLessThan(4_200)
    expect(JSON.parse(stdout).reason).not.toMatch(/[\u001b\u202e]/)
  })
})
