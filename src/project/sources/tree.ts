// A syntax tree without types: every field is looked at before it is believed. Walked without recursion, for it may be
// deeper than the stack.

import type { Program } from 'oxc-parser'

export interface Tree {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export interface Entry {
  readonly node: Tree
  readonly parent: Entry | undefined
  /** The field of the parent in which it stands. */
  readonly field: string
  readonly inTry: boolean
}

/** Every node with its parent; a parent comes before its children. */
export function entriesOf(program: Program | Tree): readonly Entry[] {
  const entries: Entry[] = []
  const open: Entry[] = [{ node: program as unknown as Tree, parent: undefined, field: '', inTry: false }]
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    entries.push(entry)
    const { node } = entry
    for (const field in node) {
      const value = node[field]
      if (typeof value !== 'object' || value === null) continue
      const inTry = entry.inTry || (node.type === 'TryStatement' && field === 'block' && node.handler != null)
      if (isNode(value)) open.push({ node: value, parent: entry, field, inTry })
      else if (Array.isArray(value))
        for (const item of value) if (isNode(item)) open.push({ node: item, parent: entry, field, inTry })
    }
  }
  return entries
}

const isNode = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && typeof (value as Tree).type === 'string'

export const nodeIn = (node: Tree | undefined, field: string): Tree | undefined => {
  const value = node?.[field]
  return isNode(value) ? value : undefined
}

export const nodesIn = (node: Tree, field: string): readonly Tree[] => {
  const value = node[field]
  return Array.isArray(value) ? value.filter(isNode) : []
}

export const nameOf = (node: Tree | undefined): string | undefined =>
  (node?.type === 'Identifier' || node?.type === 'JSXIdentifier') && typeof node.name === 'string'
    ? node.name
    : undefined

export const textOf = (node: Tree | undefined): string | undefined => {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined
  if (node?.type !== 'TemplateLiteral' || nodesIn(node, 'expressions').length > 0) return undefined
  const { value } = (node.quasis as readonly { value?: { cooked?: unknown } }[])[0] ?? {}
  return typeof value?.cooked === 'string' ? value.cooked : undefined
}

/** The property that a member expression reads, where its name can be told. */
export function memberOf(node: Tree): { readonly name: string; readonly start: number } | undefined {
  const property = nodeIn(node, 'property') ?? nodeIn(node, 'right')
  const name = node.computed === true ? textOf(property) : nameOf(property)
  return name === undefined ? undefined : { name, start: property!.start }
}
