// What only the syntax tree knows: require and dynamic imports with what is taken of them, members read of imported
// objects, whether a failure would be caught, methods called on literals. One walk without recursion, for the tree may
// be deep. Where a name could mean something else (shadowed, assigned, asked for before it is used) it is left out.

import type { Program } from 'oxc-parser'
import type { ImportedName, SourceFile } from '../../types.ts'
import { builtinMethods } from './builtins.ts'
import { declarationsIn, requireNames } from './declared.ts'
import type { OpenSite } from './parse.ts'
import type { PlaceOf } from './places.ts'
import { type Entry, entriesOf, memberOf, nameOf, nodeIn, nodesIn, type Tree, textOf } from './tree.ts'

/** A variable that holds a module, or its default export. */
export interface Binding {
  readonly local: string
  /** Members that are read of it are added here. */
  readonly names: ImportedName[]
  readonly of: 'default' | undefined
  readonly typeOnly: boolean
  /** How often its own statement shows up among the file's declarations. */
  readonly declarations: number
}

export interface Visited extends Pick<SourceFile, 'literalCalls'> {
  readonly sites: readonly OpenSite[]
}

/** Adds members to the `names` of `bindings`, and gives what else was found, with its places. */
export function visit(program: Program, bindings: readonly Binding[], at: PlaceOf): Visited {
  const entries = entriesOf(program)
  const declared = declarationsIn(entries)
  const requires = requireNames(entries, declared)
  const sites: OpenSite[] = []
  const own: Binding[] = [...bindings]
  for (const entry of entries) {
    const site = siteOf(entry, requires, at)
    if (site === undefined) continue
    sites.push(site)
    const binding = taken(entry, site, at)
    if (binding) own.push(binding)
  }
  addMembers(entries, own, declared, at)
  return { sites, literalCalls: entries.flatMap((entry) => literalCall(entry, at)).sort(byPlace) }
}

const byPlace = (a: ReturnType<PlaceOf>, b: ReturnType<PlaceOf>): number => a.line - b.line || a.column - b.column

// ── Places that name a module

function siteOf(entry: Entry, requires: ReadonlySet<string>, at: PlaceOf): OpenSite | undefined {
  const found = moduleNamed(entry.node, requires)
  const specifier = textOf(found?.module)
  if (found === undefined || specifier === undefined || specifier === '') return undefined
  const { how, typeOnly = false } = found
  const names: ImportedName[] = []
  const qualifier = entry.node.type === 'TSImportType' ? leftmost(nodeIn(entry.node, 'qualifier')) : undefined
  if (qualifier) names.push({ name: nameOf(qualifier) ?? '', member: false, typeOnly: true, ...at(qualifier.start) })
  return { specifier, how, typeOnly, optional: entry.inTry || isCaught(entry), names, ...at(found.module!.start) }
}

interface Named {
  readonly how: OpenSite['how']
  readonly module: Tree | undefined
  readonly typeOnly?: boolean
}

function moduleNamed(node: Tree, requires: ReadonlySet<string>): Named | undefined {
  switch (node.type) {
    case 'ImportExpression':
      return { how: 'dynamic', module: nodeIn(node, 'source') }
    case 'TSImportType':
      return { how: 'types', module: nodeIn(node, 'source'), typeOnly: true }
    case 'TSExternalModuleReference':
      return { how: 'require', module: nodeIn(node, 'expression') }
    case 'CallExpression': {
      const callee = nodeIn(node, 'callee')
      const module = nodesIn(node, 'arguments')[0]
      if (requires.has(nameOf(callee) ?? '')) return { how: 'require', module }
      if (callee?.type !== 'MemberExpression' || nameOf(nodeIn(callee, 'property')) !== 'resolve') return undefined
      const object = nodeIn(callee, 'object')
      return object?.type === 'MetaProperty' || requires.has(nameOf(object) ?? '')
        ? { how: 'resolve', module }
        : undefined
    }
    default:
      return undefined
  }
}

function leftmost(name: Tree | undefined): Tree | undefined {
  let node = name
  while (node?.type === 'TSQualifiedName') node = nodeIn(node, 'left')
  return nameOf(node) === undefined ? undefined : node
}

/** `import('x').catch(…)`, also with `.then` in between, or `.then(a, b)`. */
function isCaught({ node, parent, field }: Entry): boolean {
  let [at, holder, place]: [Tree, Entry | undefined, string] = [node, parent, field]
  while (holder) {
    const { node: outer } = holder
    if (place === 'object' && outer.type === 'MemberExpression') {
      const method = nameOf(nodeIn(outer, 'property'))
      if (method === 'catch') return true
      if (method !== 'then' && method !== 'finally') return false
    } else if (place === 'callee' && outer.type === 'CallExpression') {
      if (nameOf(nodeIn(at, 'property')) === 'then' && nodesIn(outer, 'arguments').length > 1) return true
    } else return false
    ;[at, place, holder] = [outer, holder.field, holder.parent]
  }
  return false
}

// ── What is taken of them

/** The names that are taken at once are added to the site; a variable that holds the whole module is given back. */
function taken(entry: Entry, site: OpenSite, at: PlaceOf): Binding | undefined {
  if (site.how !== 'require' && site.how !== 'dynamic') return undefined
  const { names } = site
  let holder = entry.parent
  let { field } = entry
  if (entry.node.type === 'TSExternalModuleReference') {
    const local = nameOf(nodeIn(holder?.node, 'id'))
    return local === undefined ? undefined : { local, names, of: undefined, typeOnly: false, declarations: 1 }
  }
  if (site.how === 'dynamic') {
    if (holder?.node.type === 'MemberExpression') return takenLater(holder, names, at)
    if (holder?.node.type !== 'AwaitExpression') return undefined
    ;({ field } = holder)
    holder = holder.parent
  }
  if (holder?.node.type === 'MemberExpression' && field === 'object') {
    const property = memberOf(holder.node)
    if (property && !isGuard(holder))
      names.push({ name: property.name, member: true, typeOnly: false, ...at(property.start) })
    return undefined
  }
  if (holder?.node.type !== 'VariableDeclarator') return undefined
  const id = nodeIn(holder.node, 'id')
  const local = nameOf(id)
  if (local !== undefined) return { local, names, of: undefined, typeOnly: false, declarations: 1 }
  names.push(...propertiesIn(id, at))
  return undefined
}

/** `import('x').then(({ a }) => …)` and `.then((x) => x.a)`. */
function takenLater(member: Entry, names: ImportedName[], at: PlaceOf): undefined {
  const call = member.parent
  if (call?.node.type !== 'CallExpression' || nameOf(nodeIn(member.node, 'property')) !== 'then') return
  const then = nodesIn(call.node, 'arguments')[0]
  if (then === undefined || !Array.isArray(then.params)) return
  const [parameter] = nodesIn(then, 'params')
  names.push(...propertiesIn(parameter, at))
  const body = nodeIn(then, 'body')
  const object = nodeIn(body, 'object')
  const property = body?.type === 'MemberExpression' ? memberOf(body) : undefined
  if (property && nameOf(object) !== undefined && nameOf(object) === nameOf(parameter))
    names.push({ name: property.name, member: true, typeOnly: false, ...at(property.start) })
}

/** Those with a default of their own are asked for, not relied upon. */
function propertiesIn(pattern: Tree | undefined, at: PlaceOf): ImportedName[] {
  if (pattern?.type !== 'ObjectPattern') return []
  return nodesIn(pattern, 'properties').flatMap((property) => {
    const key = nodeIn(property, 'key')
    const name = property.computed === true ? undefined : (nameOf(key) ?? textOf(key))
    if (name === undefined || nodeIn(property, 'value')?.type === 'AssignmentPattern') return []
    return [{ name, member: true, typeOnly: false, ...at(key!.start) }]
  })
}

function addMembers(
  entries: readonly Entry[],
  bindings: readonly Binding[],
  declared: ReadonlyMap<string, number>,
  at: PlaceOf,
): void {
  const usable = new Map<string, Binding>()
  for (const binding of bindings) {
    const { local, declarations } = binding
    if ((declared.get(local) ?? 0) === declarations) usable.set(local, binding)
  }
  if (usable.size === 0) return
  const guarded = new Map<string, Set<string>>()
  const found: { binding: Binding; named: ImportedName }[] = []
  for (const entry of entries) {
    const binding = usable.get(nameOf(objectIn(entry.node)) ?? '')
    if (binding) {
      const member = memberOf(entry.node)
      // A computed member can be anything; that says nothing of the others.
      if (member === undefined) continue
      if (isGuard(entry)) guarded.set(binding.local, (guarded.get(binding.local) ?? new Set()).add(member.name))
      const typeOnly = binding.typeOnly || isInType(entry)
      found.push({
        binding,
        named: { name: member.name, member: true, ...ofDefault(binding), typeOnly, ...at(member.start) },
      })
    } else if (entry.node.type === 'BinaryExpression' && entry.node.operator === 'in') {
      const [name, local] = [textOf(nodeIn(entry.node, 'left')), nameOf(nodeIn(entry.node, 'right'))]
      if (name !== undefined && local !== undefined) guarded.set(local, (guarded.get(local) ?? new Set()).add(name))
    } else if (entry.node.type === 'VariableDeclarator') {
      const source = usable.get(nameOf(nodeIn(entry.node, 'init')) ?? '')
      for (const named of source ? propertiesIn(nodeIn(entry.node, 'id'), at) : [])
        found.push({ binding: source!, named: { ...named, ...ofDefault(source!) } })
    }
  }
  for (const { binding, named } of found.sort((a, b) => byPlace(a.named, b.named)))
    if (!guarded.get(binding.local)?.has(named.name)) binding.names.push(named)
}

const ofDefault = ({ of }: Binding): { of?: 'default' } => (of === undefined ? {} : { of })

function objectIn(node: Tree): Tree | undefined {
  if (node.type === 'MemberExpression' || node.type === 'JSXMemberExpression') return nodeIn(node, 'object')
  return node.type === 'TSQualifiedName' ? nodeIn(node, 'left') : undefined
}

const isInType = ({ node, parent }: Entry): boolean =>
  node.type === 'TSQualifiedName' ||
  parent?.node.type === 'TSInterfaceHeritage' ||
  parent?.node.type === 'TSClassImplements'

/** Whether the code asks if the member is there, or puts it there, rather than relying on it. */
function isGuard({ node, parent, field }: Entry): boolean {
  const outer = parent?.node
  switch (outer?.type) {
    case 'UnaryExpression':
      return outer.operator !== 'void' && outer.operator !== '-' && outer.operator !== '+'
    case 'LogicalExpression':
    case 'BinaryExpression':
      return outer.type === 'LogicalExpression' || /^(?:[!=]==?|in|instanceof)$/.test(String(outer.operator))
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
      return field === 'test'
    case 'AssignmentExpression':
    case 'UpdateExpression':
      return field === 'left' || field === 'argument'
    case 'CallExpression':
    case 'MemberExpression':
      return outer.optional === true && (field === 'callee' || field === 'object')
    default:
      // The object itself may not be there: `library?.method`.
      return node.optional === true
  }
}

// ── Methods on literals

function literalCall({ node }: Entry, at: PlaceOf): SourceFile['literalCalls'] {
  if (node.type !== 'CallExpression') return []
  const callee = nodeIn(node, 'callee')
  if (callee?.type !== 'MemberExpression' || callee.computed === true || callee.optional === true) return []
  const object = nodeIn(callee, 'object')
  const on = object?.type === 'ArrayExpression' ? 'array' : isText(object) ? 'string' : undefined
  const property = nodeIn(callee, 'property')
  const name = nameOf(property)
  if (on === undefined || name === undefined || builtinMethods[on].has(name) || node.optional === true) return []
  return [{ on, name, ...at(property!.start) }]
}

const isText = (node: Tree | undefined): boolean =>
  node?.type === 'TemplateLiteral' || (node?.type === 'Literal' && typeof node.value === 'string')
