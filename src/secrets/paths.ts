// What kind of file is this? Its path and a look at its bytes decide which rules would only make noise there.

export interface PathKind {
  /** NUL in the first 8,000 bytes, as git decides it: no lines, no assignments. */
  readonly binary: boolean
  readonly lockfile: boolean
  /** Other people's code, or code made from code: bundles, source maps, node_modules, vendor. */
  readonly vendored: boolean
  /** A programming language: what stands bare is an expression there, not a value. */
  readonly program: boolean
  /** Tests, fixtures, examples, documents. */
  readonly sample: boolean
  /** `.env.example` and its like: a form to fill in. */
  readonly template: boolean
}

/** @param path with forward slashes; without one only the bytes speak */
export function pathKind(path: string | undefined, bytes: Buffer): PathKind {
  const binary = isBinary(bytes)
  if (path === undefined)
    return { binary, lockfile: false, vendored: false, program: false, sample: false, template: false }
  const program = programs.test(path)
  return {
    binary,
    lockfile: lockfiles.test(path),
    vendored: vendored.test(path) || (script.test(path) && isMinified(bytes)),
    program,
    sample: samples.test(path),
    template: templates.test(path),
  }
}

/** As git decides it. */
export const isBinary = (bytes: Buffer): boolean => bytes.subarray(0, 8000).includes(0)

const lockfiles =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|Cargo\.lock|composer\.lock|Gemfile\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|go\.sum|flake\.lock|mix\.lock|pubspec\.lock|Podfile\.lock|packages\.lock\.json|gradle\.lockfile|\.terraform\.lock\.hcl)$/
const vendored =
  /(?:^|\/)(?:node_modules|bower_components|jspm_packages|vendor|vendors|third_party|thirdparty|\.yarn\/(?:cache|releases|plugins|unplugged)|\.pnpm-store|site-packages)\/|\.min\.(?:m|c)?(?:js|css)$|\.(?:bundle|chunk)\.(?:js|css)$|\.(?:js|css|ts|mjs|cjs)\.map$/
const script = /\.(?:m?js|cjs|css|html?)$/i
const programs =
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro|py|pyi|go|java|kt|kts|scala|groovy|rb|php|cs|fs|vb|rs|c|h|cc|cpp|hpp|m|mm|swift|dart|lua|pl|pm|ex|exs|erl|clj|hs|ml|r|jl|zig|nim|sol|proto|graphql|ps[md]?1|css|scss|less)$/i
const samples =
  /(?:^|\/)(?:tests?|__tests__|specs?|testing|[\w-]{1,30}[-_]tests?|[a-z]{1,20}Tests?|testdata|test[-_]?data|test[-_]?fixtures?|fixtures?|__fixtures__|mocks?|__mocks__|examples?|samples?|demos?|docs?|documentation|e2e|cypress|benchmarks?)\/|(?:^|\/)(?:test_[^/]*|conftest|abstract_unit|[^/]*[a-z0-9]Tests?|[^/]*(?:_tests?|_spec|_helper|[.-](?:test|spec|stories|mock|fixture)))\.\w+$|\.(?:md|mdx|rst|adoc|txt|ipynb)$/i
const templates = /(?:^|[./_-])(?:example|sample|template|tmpl|tpl|dist|default|defaults|skel)(?:\.\w+)?$/i

/** Few and very long lines, judged by the first 64 KB. */
function isMinified(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 65_536)
  if (head.length < 2000) return false
  let lines = 1
  for (let at = head.indexOf(10); at !== -1; at = head.indexOf(10, at + 1)) lines++
  return head.length / lines > 400
}
