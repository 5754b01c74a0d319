import { describe, expect, it } from 'vitest'
import { type Assignment, AssignmentReader } from '../../src/secrets/assignment.ts'

describe('an assignment in the shapes that languages and formats give it', () => {
  it.each([
    ['JavaScript', `const password = 'v4lue!'`, 'quoted'],
    ['JavaScript, template', 'password = `v4lue!`', 'quoted'],
    ['JavaScript, computed', `config['password'] = 'v4lue!'`, 'quoted'],
    ['JavaScript, fallback', `const x = process.env.password || 'v4lue!'`, 'quoted'],
    ['JavaScript, nullish', `env.password ?? 'v4lue!'`, 'quoted'],
    ['JavaScript, comparison', `if (password === 'v4lue!') {`, 'quoted'],
    ['JavaScript, next line', `const password =\n    'v4lue!'`, 'quoted'],
    ['TypeScript', `private readonly password: string = 'v4lue!'`, 'quoted'],
    ['JSON', `{ "password": "v4lue!" }`, 'quoted'],
    ['JSON in a string', String.raw`'{\"password\": \"v4lue!\"}'`, 'quoted'],
    ['JSON, name and value', `{ "name": "password", "value": "v4lue!" }`, 'quoted'],
    ['Python', `password = "v4lue!"`, 'quoted'],
    ['Python, bytes', `password = b"v4lue!"`, 'quoted'],
    ['Python, triple', `password = """v4lue!"""`, 'quoted'],
    ['Python, environ', `os.environ["password"] = "v4lue!"`, 'quoted'],
    ['Python, getenv', `os.getenv("password", "v4lue!")`, 'quoted'],
    ['Python, keyword', `connect(host="db", password="v4lue!", port=1)`, 'quoted'],
    ['Go', `password := "v4lue!"`, 'quoted'],
    ['Go, typed', `var password string = "v4lue!"`, 'quoted'],
    ['Go, setenv', `os.Setenv("password", "v4lue!")`, 'quoted'],
    ['Rust', `let password: &str = "v4lue!";`, 'quoted'],
    ['Rust, owned', `password: String::from("v4lue!"),`, 'quoted'],
    ['Java', `private static final String password = "v4lue!";`, 'quoted'],
    ['Java, setter', `ds.setpassword("v4lue!");`, 'quoted'],
    ['C#', `var password = @"v4lue!";`, 'quoted'],
    ['C#, config', `<add key="password" value="v4lue!" />`, 'quoted'],
    ['Ruby', `password: "v4lue!"`, 'quoted'],
    ['Ruby, rocket', `:password => 'v4lue!'`, 'quoted'],
    ['PHP', `$password = 'v4lue!';`, 'quoted'],
    ['PHP, array', `'password' => 'v4lue!',`, 'quoted'],
    ['PHP, define', `define('password', 'v4lue!');`, 'quoted'],
    ['Kotlin', `val password: String = "v4lue!"`, 'quoted'],
    ['Swift', `let password = "v4lue!"`, 'quoted'],
    ['R', `password <- "v4lue!"`, 'quoted'],
    ['SQL', `CREATE USER app WITH password 'v4lue!'`, 'quoted'],
    ['HCL', `password   =   "v4lue!"`, 'quoted'],
    ['HCL, variable', `variable "password" {\n  type    = string\n  default = "v4lue!"\n}`, 'quoted'],
    ['XML attribute', `<user password="v4lue!"/>`, 'quoted'],
    ['XML element', `<password>v4lue!</password>`, 'tags'],
    ['dotenv', `A=1\npassword=v4lue!\nB=2`, 'line'],
    ['shell', `export password=v4lue!`, 'line'],
    ['shell, quoted', `export password="v4lue!"`, 'quoted'],
    ['YAML', `db:\n  password: v4lue!\n`, 'line'],
    ['YAML, comment', `  password: v4lue! # old\n`, 'line'],
    ['YAML, list', `  - password: v4lue!\n`, 'line'],
    ['Kubernetes', `- name: password\n  value: v4lue!\n`, 'line'],
    ['properties', `spring.datasource.password=v4lue!\n`, 'line'],
    ['INI', `password = v4lue!\r\n`, 'line'],
    ['Dockerfile', `ENV password=v4lue!\n`, 'line'],
    ['Dockerfile, old form', `ENV password v4lue!\n`, 'flag'],
    ['netrc', `machine h login me password v4lue!\n`, 'flag'],
    ['command line', `tool --password v4lue! --more`, 'flag'],
    ['command line, =', `tool --password=v4lue! --more`, 'flag'],
    ['query', `https://h.example/?a=1&password=v4lue!&b=2`, 'query'],
    ['connection string', `"Server=h;password=v4lue!;Database=d"`, 'query'],
    ['header in a string', `-H "password: v4lue!"`, 'string'],
  ] as const)('%s', (_, text, form) => {
    const bytes = Buffer.from(text)
    const read = readIn(bytes)
    expect(read).toMatchObject({ value: 'v4lue!', form })
    expect(bytes.toString('latin1', read!.start, read!.end)).toBe('v4lue!')
    expect(read!.name.endsWith('password')).toBe(true)
  })

  it.each([
    ['a call', 'checkPassword(password)'],
    ['a declaration', 'let password'],
    ['a comparison with nothing', 'if (!password) return'],
    ['an unclosed quote', `password = "v4lue!`],
    ['a quote that closes on another line', `password = "v4lue\n!"`],
    ['an empty value', `password = ""`],
    ['a type member of a path', 'a::password::b'],
    ['a longer name than any', `${'password'.repeat(20)}="v4lue!"`],
  ])('%s is none', (_, text) => {
    const bytes = Buffer.from(text)
    expect(readIn(bytes)).toBeUndefined()
  })
})

it('answers the same in whatever order it is asked upwards', () => {
  const bytes = Buffer.from(`${'a-b.'.repeat(40)}c = 1; d = "value1"${' '.repeat(900)}e = "value2"`)
  const reader = new AssignmentReader(bytes)
  for (let at = 1; at <= bytes.length; at++) {
    const end = reader.nameEnd(at)
    expect(end).toBe(new AssignmentReader(bytes).nameEnd(at))
    if (end !== -1) expect(reader.read(end)).toEqual(new AssignmentReader(bytes).read(end))
  }
})

function readIn(bytes: Buffer): Assignment | undefined {
  const reader = new AssignmentReader(bytes)
  const end = reader.nameEnd(bytes.indexOf('password') + 'password'.length)
  return end === -1 ? undefined : reader.read(end)
}
