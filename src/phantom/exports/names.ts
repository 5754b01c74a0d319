// The names that a module has, `export *` and re-exported modules followed through files. Never fewer than it has:
// where that cannot be promised, the set is open, and says why.

export interface Facts {
  readonly names: ReadonlySet<string>
  /** Modules all of whose names it has too; of an ES module's star, all but `default`. */
  readonly all: readonly string[]
  readonly kind: 'esm' | 'commonjs' | 'types'
  /** Why there may be more names. */
  readonly open?: string
  /** Members of the default export, where it is a plain literal; of types, where `export =` gives them. */
  readonly defaultMembers?: ReadonlySet<string>
}

export interface Names {
  readonly names: ReadonlySet<string>
  readonly open?: string
  /** Of the entry itself. */
  readonly kind: Facts['kind']
  /** Where they stand. */
  readonly files: ReadonlySet<string>
  readonly defaultMembers?: ReadonlySet<string>
}

export interface Modules {
  facts(file: string): Facts
  /** The files that a specifier in `from` may mean; undefined where that is not known. */
  resolve(specifier: string, from: string): readonly string[] | undefined
}

/** A chain or web of more files than this is read in part, and so its names are open. */
const mostFiles = 3_000

export function namesOf(modules: Modules, entry: string): Names {
  const first = modules.facts(entry)
  const names = new Set<string>(first.names)
  const seen = new Set([entry])
  const pending: { file: string; facts: Facts }[] = [{ file: entry, facts: first }]
  let { open } = first
  for (let one = pending.pop(); one !== undefined && open === undefined; one = pending.pop()) {
    for (const specifier of one.facts.all) {
      const targets = modules.resolve(specifier, one.file)
      if (targets === undefined || targets.length === 0) open ??= `it takes all of ${specifier}, which is not known`
      for (const file of targets ?? []) {
        if (seen.has(file)) continue
        if (seen.add(file).size > mostFiles) open ??= `its names stand in more than ${mostFiles} files`
        if (open !== undefined) break
        const facts = modules.facts(file)
        open ??= facts.open
        for (const name of facts.names) if (name !== 'default' || first.kind === 'commonjs') names.add(name)
        pending.push({ file, facts })
      }
    }
  }
  const { kind, defaultMembers } = first
  return { names, kind, files: seen, ...(open !== undefined && { open }), ...(defaultMembers && { defaultMembers }) }
}

/** Files of a package that are looked through for one that adds to another's exports. */
const mostInside = 500

/**
 * Whether another file that they load loads one of these CommonJS files in turn, or loads files by computed names: then
 * it may add to their exports from outside.
 * @param text of a file; undefined where it cannot be read.
 */
export function mayBeAddedTo(
  modules: Modules,
  files: ReadonlySet<string>,
  text: (file: string) => string | undefined,
): boolean {
  const [entry] = files
  const seen = new Set(files)
  const pending = [...files]
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    const code = text(file) ?? ''
    if (seen.size > mostInside || /\brequire\s*\((?!\s*(['"`])[^'"`\n]*\1\s*[,)])/.test(code)) return true
    for (const [, specifier = ''] of code.matchAll(/\brequire\s*\(\s*['"`](\.[^'"`\n]*)/g))
      for (const target of modules.resolve(specifier, file) ?? []) {
        if (files.has(target) && file !== target && (target === entry || !files.has(file))) return true
        if (!seen.has(target)) pending.push(target)
        seen.add(target)
      }
  }
  return false
}
