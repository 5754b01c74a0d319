// What a CommonJS file exports: the names that Node's own lexer finds, and by the syntax tree whether these can be all.
// `module.exports` is an object like any other; only where every use of `exports` and `module` is one that we understand
// is the set closed. A name too many only makes us silent; a name too few would be a false finding.

import { initSync, parse as lex } from 'cjs-module-lexer'
import { parseSync } from 'oxc-parser'
import {
  type Entry,
  entriesOf,
  memberOf,
  nameOf,
  nodeIn,
  nodesIn,
  type Tree,
  textOf,
} from '../../project/sources/tree.ts'
import type { Facts } from './names.ts'

/** Only what Node's lexer finds, at a tenth of the cost: never too much, but maybe too little. */
export function lexedFacts(text: string): Facts {
  const { exports, reexports } = lexedBy(text) ?? { exports: [], reexports: [] }
  return { names: new Set(exports), all: reexports, kind: 'commonjs' }
}

export function commonJS(text: string, lang: 'jsx' | 'ts' | 'tsx'): Facts {
  const result = parseSync('file', text, { lang, sourceType: 'commonjs', preserveParens: false })
  const names = new Set<string>()
  const all = new Set<string>()
  const broken = result.program.body.length === 0 && text.trim() !== '' && result.errors.length > 0
  const lexed = lexedBy(text)
  for (const name of lexed?.exports ?? []) names.add(name)
  for (const one of lexed?.reexports ?? []) all.add(one)
  const open = broken ? 'it does not parse' : openBy(entriesOf(result.program), names, all)
  return { names, all: [...all], kind: 'commonjs', ...(open !== undefined && { open }) }
}

/** Undefined for syntax that the lexer does not know: then Node sees no names either. */
function lexedBy(text: string): ReturnType<typeof lex> | undefined {
  try {
    initSync()
    return lex(text)
  } catch {
    return undefined
  }
}

/** Adds what it finds to `names` and `all`; gives the reason why there may be more. */
function openBy(entries: readonly Entry[], names: Set<string>, all: Set<string>): string | undefined {
  const known: Known = { names, all, required: requiredBy(entries) }
  for (const entry of entries) {
    const open = openAt(entry, known)
    if (open !== undefined) return open
  }
  return undefined
}

interface Known {
  readonly names: Set<string>
  readonly all: Set<string>
  /** Variable → the module it was made of. */
  readonly required: ReadonlyMap<string, string>
}

const dynamic = 'its exports are made when it runs'

function openAt(entry: Entry, known: Known): string | undefined {
  const { node, parent, field } = entry
  if (node.type === 'ThisExpression') return isOuterThis(entry) ? dynamic : undefined
  if (node.type === 'WithStatement') return dynamic
  const name = node.type === 'Identifier' ? nameOf(node) : undefined
  if (name === 'eval' && field === 'callee') return dynamic
  if (name === 'arguments') return isOuter(entry) ? dynamic : undefined
  if ((name !== 'exports' && name !== 'module') || isOnlyAName(entry)) return undefined
  if (name === 'exports') return openUse(entry, known)
  if (parent?.node.type === 'MemberExpression' && field === 'object') {
    const property = memberOf(parent.node)
    if (property === undefined) return dynamic
    return property.name === 'exports' ? openUse(parent, known) : undefined
  }
  return isAsked(parent?.node) ? undefined : dynamic
}

/** A property, a key, a label: not the variable. */
const isOnlyAName = ({ parent, field }: Entry): boolean => {
  const outer = parent?.node
  if (outer?.type === 'MemberExpression') return field === 'property' && outer.computed !== true
  if (outer?.type === 'Property' || outer?.type === 'MethodDefinition' || outer?.type === 'PropertyDefinition')
    return field === 'key' && outer.computed !== true && outer.shorthand !== true
  return field === 'label' || (field === 'params' && Array.isArray(outer?.params))
}

/** `typeof exports === 'object'`, `require.main === module`. */
const isAsked = (outer: Tree | undefined): boolean =>
  (outer?.type === 'UnaryExpression' && outer.operator === 'typeof') ||
  (outer?.type === 'BinaryExpression' && /^[!=]==?$/.test(String(outer.operator)))

/** One use of `exports` or `module.exports`. */
function openUse(entry: Entry, known: Known): string | undefined {
  const { parent, field } = entry
  const outer = parent?.node
  if (parent === undefined || outer === undefined || isAsked(outer)) return undefined
  switch (outer.type) {
    case 'MemberExpression': {
      const property = field === 'object' ? memberOf(outer) : undefined
      if (property) known.names.add(property.name)
      return property || isStarLoop(entry, known) ? undefined : dynamic
    }
    case 'AssignmentExpression':
      // `exports = module.exports = …`: what is assigned to the inner one counts, and is looked at there.
      if (field === 'right') return aliased(outer)
      return isHeld(parent) ? dynamic : openValue(nodeIn(outer, 'right'), known)
    case 'CallExpression':
      return openCall(entry, outer, known)
    case 'BinaryExpression':
      return outer.operator === 'in' && isStarLoop(entry, known) ? undefined : dynamic
    case 'ExpressionStatement':
      return undefined
    default:
      return dynamic
  }
}

/** `const api = module.exports = {}`: whoever holds it by another name may add to it. */
function isHeld(assignment: Entry): boolean {
  for (let entry = assignment; entry.parent !== undefined; entry = entry.parent) {
    const { node } = entry.parent
    if (node.type === 'ExpressionStatement') return false
    if (node.type === 'AssignmentExpression' && aliased(node) !== undefined) return true
    if (!/^(?:Assignment|Logical|Sequence|Conditional)Expression$/.test(node.type)) return true
  }
  return true
}

/** `module.exports.default = module.exports` is the same object again; any other holder could add to it. */
const aliased = (assignment: Tree): string | undefined => {
  const left = nodeIn(assignment, 'left')
  if (nameOf(left) === 'exports') return undefined
  const base = nodeIn(left, 'object')
  const isOwn =
    (nameOf(base) === 'module' && nameOf(nodeIn(left, 'property')) === 'exports') ||
    nameOf(base) === 'exports' ||
    nameOf(nodeIn(base, 'property')) === 'exports'
  return left?.type === 'MemberExpression' && isOwn ? undefined : dynamic
}

/** What `module.exports` becomes. */
function openValue(value: Tree | undefined, known: Known): string | undefined {
  if (value === undefined) return dynamic
  switch (value.type) {
    case 'ObjectExpression':
      return openLiteral(value, known)
    case 'AssignmentExpression':
      return openValue(nodeIn(value, 'right'), known)
    case 'ConditionalExpression':
      return openValue(nodeIn(value, 'consequent'), known) ?? openValue(nodeIn(value, 'alternate'), known)
    case 'Identifier':
      return openVariable(nameOf(value) ?? '', known)
    case 'MemberExpression':
      return nameOf(nodeIn(value, 'object')) === 'module' && nameOf(nodeIn(value, 'property')) === 'exports'
        ? undefined
        : dynamic
    case 'CallExpression': {
      const specifier = requiredIn(value)
      if (specifier !== undefined) known.all.add(specifier)
      // esbuild writes the names beside it, for Node's lexer: `0 && (module.exports = { … })`.
      return specifier !== undefined || nameOf(nodeIn(value, 'callee')) === '__toCommonJS' ? undefined : dynamic
    }
    default:
      return dynamic
  }
}

function openVariable(name: string, { required, all }: Known): string | undefined {
  if (name === 'exports') return undefined
  const specifier = required.get(name)
  if (specifier === undefined) return dynamic
  all.add(specifier)
  return undefined
}

function openLiteral(literal: Tree, known: Known): string | undefined {
  for (const property of nodesIn(literal, 'properties')) {
    if (property.type === 'SpreadElement') {
      const argument = nodeIn(property, 'argument')
      const specifier = requiredIn(argument) ?? known.required.get(nameOf(argument) ?? '')
      if (specifier === undefined) return dynamic
      known.all.add(specifier)
      continue
    }
    const key = nodeIn(property, 'key')
    if (property.computed === true && isSymbol(key)) continue
    const name = property.computed === true ? textOf(key) : (nameOf(key) ?? textOf(key))
    if (name === undefined) return dynamic
    known.names.add(name)
  }
  return undefined
}

/** `exports` handed to a function: to those that compilers write, which add what their other arguments name. */
function openCall(entry: Entry, call: Tree, known: Known): string | undefined {
  const callee = nodeIn(call, 'callee')
  const called = nameOf(callee) ?? nameOf(nodeIn(callee, 'property')) ?? ''
  const [first, second] = nodesIn(call, 'arguments')
  if (called === 'defineProperty' && first === entry.node) {
    if (isSymbol(second)) return undefined
    const name = textOf(second)
    if (name !== undefined) known.names.add(name)
    return name !== undefined || isStarLoop(entry, known) ? undefined : dynamic
  }
  if (/^(?:__exportStar|_export_star|__reExport)$/.test(called)) {
    const specifier = [first, second].map(requiredIn).find((one) => one !== undefined)
    if (specifier !== undefined) known.all.add(specifier)
    return specifier === undefined && called !== '__reExport' ? dynamic : undefined
  }
  if (
    /^(?:_export|__export|assign|defineProperties)$/.test(called) &&
    first === entry.node &&
    second?.type === 'ObjectExpression'
  )
    return nodesIn(call, 'arguments').length > 2 ? dynamic : openLiteral(second, known)
  // Babel's loop asks whether a name is there already.
  return called === 'hasOwnProperty' || called === 'call' ? (isStarLoop(entry, known) ? undefined : dynamic) : dynamic
}

/** Rollup and Rolldown write `[Symbol.toStringTag]`: nobody imports it by a name. */
const isSymbol = (key: Tree | undefined): boolean =>
  key?.type === 'MemberExpression' && key.computed !== true && nameOf(nodeIn(key, 'object')) === 'Symbol'

/** Babel's `export *`: `Object.keys(_x).forEach(function (key) { … exports[key] … })`. */
function isStarLoop(entry: Entry, { required, all }: Known): boolean {
  for (let holder = entry.parent; holder !== undefined; holder = holder.parent) {
    if (holder.node.type !== 'CallExpression') continue
    const callee = nodeIn(holder.node, 'callee')
    const keys = nodeIn(callee, 'object')
    if (nameOf(nodeIn(callee, 'property')) !== 'forEach' || keys?.type !== 'CallExpression') continue
    const specifier = required.get(nameOf(nodesIn(keys, 'arguments')[0]) ?? '')
    if (specifier === undefined || nameOf(nodeIn(nodeIn(keys, 'callee'), 'property')) !== 'keys') return false
    all.add(specifier)
    return true
  }
  return false
}

/** `const x = require('y')`, also through a compiler's helper: `_interopRequireWildcard(require('y'))`. */
function requiredBy(entries: readonly Entry[]): ReadonlyMap<string, string> {
  const required = new Map<string, string>()
  const often = new Set<string>()
  for (const { node } of entries) {
    if (node.type !== 'VariableDeclarator') continue
    const name = nameOf(nodeIn(node, 'id'))
    const init = nodeIn(node, 'init')
    const helped =
      init?.type === 'CallExpression' &&
      /^_interopRequireWildcard|^__importStar/.test(nameOf(nodeIn(init, 'callee')) ?? '')
    const specifier = requiredIn(init) ?? (helped ? requiredIn(nodesIn(init, 'arguments')[0]) : undefined)
    if (name === undefined) continue
    if (required.has(name) || often.has(name) || specifier === undefined) {
      required.delete(name)
      often.add(name)
    } else required.set(name, specifier)
  }
  // One that is added to, or assigned anew, is not what was required.
  for (const { node } of entries) {
    if (node.type !== 'AssignmentExpression') continue
    const left = nodeIn(node, 'left')
    required.delete(nameOf(left) ?? nameOf(nodeIn(left, 'object')) ?? '')
  }
  return required
}

function requiredIn(node: Tree | undefined): string | undefined {
  if (node?.type !== 'CallExpression' || nameOf(nodeIn(node, 'callee')) !== 'require') return undefined
  return textOf(nodesIn(node, 'arguments')[0])
}

/** Outside of functions `this` is `module.exports`. TypeScript's helpers ask it for copies of themselves. */
function isOuterThis(entry: Entry): boolean {
  if (!isOuter(entry)) return false
  const { parent } = entry
  if (parent?.node.type === 'LogicalExpression') return false
  return !(parent?.node.type === 'MemberExpression' && (memberOf(parent.node)?.name ?? '').startsWith('__'))
}

function isOuter(entry: Entry): boolean {
  for (let holder = entry.parent; holder !== undefined; holder = holder.parent)
    if (/^(?:Function(?:Declaration|Expression)|Class(?:Body)|TSModuleBlock)$/.test(holder.node.type)) return false
  return true
}
