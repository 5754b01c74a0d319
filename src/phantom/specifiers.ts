// How a specifier names a package, a place in it, and where its types may be published.

/** `@a/b/c` → `@a/b` and `./c`. */
export function splitSpecifier(specifier: string): { readonly name: string; readonly subpath: string } {
  const parts = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  const rest = parts.slice(length).join('/')
  return { name: parts.slice(0, length).join('/'), subpath: rest === '' ? '.' : `./${rest}` }
}

/** Where types are published apart, as DefinitelyTyped names them: `@a/b` → `@types/a__b`. */
export const typesNameOf = (name: string): string => `@types/${name.replace(/^@([^/]+)\//, '$1__')}`
