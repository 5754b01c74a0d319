// What a declaration file says that a module has, values and types alike: `export`, `export =` with its namespace,
// `declare module 'x'`. As everywhere, a name too many only makes us silent.

import { type ParseResult, parseSync } from 'oxc-parser'
import { nameOf, nodeIn, nodesIn, type Tree, textOf } from '../../project/sources/tree.ts'
import { exportedBy, isBroken, openFacts } from './esm.ts'
import type { Facts } from './names.ts'

/** @param specifier for whom a file of `declare module` blocks is read. */
export function typeFacts(text: string, specifier: string, isDeclaration: boolean): Facts {
  const result = parseSync('file', text, { lang: isDeclaration ? 'dts' : 'ts', preserveParens: false })
  if (isBroken(result, text)) return openFacts('types', 'its types do not parse')
  const body = result.program.body as unknown as readonly Tree[]
  const assignment = body.find(({ type }) => type === 'TSExportAssignment')
  const facts = assignment
    ? ofAssignment(body, assignment, result)
    : result.module.hasModuleSyntax
      ? ofModule(body, result)
      : ofAmbient(body, specifier)
  // Another file may widen the modules that this one declares.
  const isSpread = /^[^\S\n]*\/\/\/\s*<reference\s+path/m.test(text)
  return isSpread ? { open: 'its types are spread over files', ...facts } : facts
}

function ofModule(body: readonly Tree[], result: ParseResult): Facts {
  const { names, all } = exportedBy(result)
  const found = new Set(names)
  for (const name of body.flatMap((statement) => (isListed(statement) ? [] : exportedIn(statement)))) found.add(name)
  // Without a list of exports everything that is declared is exported.
  if (!body.some(isListed)) for (const name of body.flatMap(declaredBy)) found.add(name)
  return { names: found, all, kind: 'types' }
}

/** `export {}`, `export { a }`, `export default a`: then nothing is exported that does not say so. */
const isListed = (statement: Tree): boolean =>
  (statement.type === 'ExportNamedDeclaration' &&
    nodeIn(statement, 'declaration') === undefined &&
    statement.source == null) ||
  (statement.type === 'ExportDefaultDeclaration' && nodeIn(statement, 'declaration')?.type === 'Identifier')

const exportedIn = (statement: Tree): readonly string[] =>
  statement.type === 'ExportNamedDeclaration' ? declaredBy(nodeIn(statement, 'declaration')) : []

/** The names that one statement declares; nothing where it is none. */
function declaredBy(statement: Tree | undefined): readonly string[] {
  if (statement === undefined) return []
  if (statement.type === 'VariableDeclaration')
    return nodesIn(statement, 'declarations').flatMap((one) => nameOf(nodeIn(one, 'id')) ?? [])
  if (statement.type === 'ExportNamedDeclaration') return declaredBy(nodeIn(statement, 'declaration'))
  const name = nameOf(nodeIn(statement, 'id'))
  return name === undefined ? [] : [name]
}

/** `export = x`: what the namespace, class or enum of that name holds; of a variable only its type would know. */
function ofAssignment(body: readonly Tree[], assignment: Tree, { module }: ParseResult): Facts {
  const name = nameOf(nodeIn(assignment, 'expression'))
  const names = new Set(['default'])
  const parts = body.map(unexported).filter((part) => nameOf(nodeIn(part, 'id')) === name || isVariable(part, name))
  const isImported = module.staticImports.some(({ entries }) =>
    entries.some(({ localName }) => localName.value === name),
  )
  if (name === undefined || parts.length === 0 || isImported) return openFacts('types', 'its types are made of others')
  for (const part of parts) {
    const held = heldBy(part)
    if (held === undefined) return openFacts('types', 'its types are made of others')
    for (const one of held) names.add(one)
  }
  return { names, all: [], kind: 'types', defaultMembers: names }
}

const unexported = (statement: Tree): Tree =>
  (statement.type === 'ExportNamedDeclaration' ? nodeIn(statement, 'declaration') : undefined) ?? statement

const isVariable = (statement: Tree, name: string | undefined): boolean =>
  statement.type === 'VariableDeclaration' &&
  nodesIn(statement, 'declarations').some((one) => nameOf(nodeIn(one, 'id')) === name)

/** Undefined where that cannot be told from the declaration alone. */
function heldBy(part: Tree): readonly string[] | undefined {
  switch (part.type) {
    case 'TSModuleDeclaration':
      return inNamespace(part)
    case 'TSDeclareFunction':
    case 'FunctionDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return []
    case 'ClassDeclaration':
      // What it inherits is its own, too.
      return nodeIn(part, 'superClass') === undefined
        ? membersOf(nodesIn(nodeIn(part, 'body') ?? part, 'body'))
        : undefined
    case 'TSEnumDeclaration':
      return membersOf(nodesIn(nodeIn(part, 'body') ?? part, 'members'))
    default:
      return undefined
  }
}

function membersOf(members: readonly Tree[]): readonly string[] | undefined {
  const names = members.map((member) => {
    const key = nodeIn(member, 'key') ?? nodeIn(member, 'id')
    return member.type === 'TSIndexSignature'
      ? undefined
      : (nameOf(key) ?? textOf(key) ?? (key === undefined ? '' : undefined))
  })
  return names.includes(undefined) ? undefined : (names as string[])
}

function inNamespace(namespace: Tree): readonly string[] | undefined {
  const body = nodeIn(namespace, 'body')
  if (body?.type !== 'TSModuleBlock') return undefined
  return nodesIn(body, 'body').flatMap((statement) => [...declaredBy(statement), ...specifiersOf(statement)])
}

const specifiersOf = (statement: Tree): readonly string[] =>
  statement.type !== 'ExportNamedDeclaration'
    ? []
    : nodesIn(statement, 'specifiers').flatMap((one) => {
        const exported = nodeIn(one, 'exported')
        return nameOf(exported) ?? textOf(exported) ?? []
      })

function ofAmbient(body: readonly Tree[], specifier: string): Facts {
  const blocks = body.filter(({ type, id }) => type === 'TSModuleDeclaration' && textOf(id as Tree) === specifier)
  if (blocks.length === 0) return openFacts('types', 'its types declare no such module')
  const names = new Set<string>()
  const all: string[] = []
  for (const statement of blocks.flatMap((block) => nodesIn(nodeIn(block, 'body') ?? block, 'body'))) {
    if (statement.type === 'TSExportAssignment') return openFacts('types', 'its types are made of others')
    if (statement.type === 'ExportDefaultDeclaration') names.add('default')
    const source = textOf(nodeIn(statement, 'source'))
    const alias = nodeIn(statement, 'exported')
    if (statement.type === 'ExportAllDeclaration' && source !== undefined) {
      if (alias === undefined) all.push(source)
      else names.add(nameOf(alias) ?? textOf(alias) ?? '')
    }
    for (const name of [...declaredBy(statement), ...specifiersOf(statement)]) names.add(name)
  }
  return { names, all, kind: 'types' }
}
