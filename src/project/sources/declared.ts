// Names that a file declares: one that is declared twice may be another thing where it is used.

import { type Entry, nameOf, nodeIn, nodesIn, type Tree } from './tree.ts'

/** Name → how many declarations and assignments it has in the file, whatever their scope. Imports are none. */
export function declarationsIn(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const declared = new Map<string, number>()
  for (const { node } of entries)
    for (const pattern of patternsOf(node))
      for (const name of namesIn(pattern)) declared.set(name, (declared.get(name) ?? 0) + 1)
  return declared
}

function patternsOf(node: Tree): readonly (Tree | undefined)[] {
  switch (node.type) {
    case 'VariableDeclarator':
    case 'TSImportEqualsDeclaration':
    case 'ClassDeclaration':
    case 'ClassExpression':
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
      return [nodeIn(node, 'id')]
    case 'CatchClause':
      return [nodeIn(node, 'param')]
    case 'AssignmentExpression':
    case 'ForInStatement':
    case 'ForOfStatement':
      return [nodeIn(node, 'left')]
    default:
      return Array.isArray(node.params) ? [nodeIn(node, 'id'), ...nodesIn(node, 'params')] : []
  }
}

function namesIn(pattern: Tree | undefined): readonly string[] {
  const names: string[] = []
  const open = [pattern]
  for (let node = open.pop(); open.length > 0 || node !== undefined; node = open.pop()) {
    const name = nameOf(node)
    if (name !== undefined) names.push(name)
    if (node === undefined) continue
    if (node.type === 'ObjectPattern') open.push(...nodesIn(node, 'properties'))
    else if (node.type === 'ArrayPattern') open.push(...nodesIn(node, 'elements'))
    else if (node.type === 'Property') open.push(nodeIn(node, 'value'))
    else if (node.type === 'AssignmentPattern') open.push(nodeIn(node, 'left'))
    else if (node.type === 'RestElement') open.push(nodeIn(node, 'argument'))
    else if (node.type === 'TSParameterProperty') open.push(nodeIn(node, 'parameter'))
  }
  return names
}

/** What `require` is called here: Node's own where nothing declares one, and what `createRequire` gave. */
export function requireNames(entries: readonly Entry[], declared: ReadonlyMap<string, number>): ReadonlySet<string> {
  const made = new Map<string, number>()
  for (const { node } of entries) {
    if (node.type !== 'VariableDeclarator') continue
    const callee = nodeIn(nodeIn(node, 'init'), 'callee')
    const name = nameOf(nodeIn(node, 'id'))
    const called = nameOf(callee) ?? nameOf(nodeIn(callee, 'property'))
    if (name !== undefined && called === 'createRequire') made.set(name, (made.get(name) ?? 0) + 1)
  }
  const names = [...made].filter(([name, times]) => declared.get(name) === times).map(([name]) => name)
  return new Set(declared.has('require') ? names : ['require', ...names])
}
