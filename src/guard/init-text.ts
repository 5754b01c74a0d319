// Puts a few lines into a text file or a member into a JSON file, and takes exactly them out again: what is around
// them stays as it was, to the last byte. Pure.

import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser'

const begin = '# audit-deps: begin'
const end = '# audit-deps: end'

export type Where = 'top' | 'bottom'

/** `top`: behind a `#!` line, before an `exit` that the file may end with. */
export function withBlock(text: string | undefined, lines: readonly string[], where: Where): string {
  const block = (mark: string): string => [`${begin}${mark}`, ...lines, end, ''].join('\n')
  if (text === undefined || text === '') return text === undefined ? block(' (file)') : block('')
  // A file that is a `#!` line without an end has no top behind it.
  if (where === 'top' && !(text.startsWith('#!') && !text.includes('\n'))) {
    const at = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0
    return text.slice(0, at) + block('') + text.slice(at)
  }
  return text.endsWith('\n') ? text + block('') : `${text}\n${block(' (line)')}`
}

/** Undefined: the file was ours alone. The text itself where it holds nothing of ours. */
export function withoutBlock(text: string): string | undefined {
  const found = new RegExp(`(\\n?)^${begin}( \\((?:file|line)\\))?\\n[\\s\\S]*?^${end}\\n`, 'm').exec(text)
  if (found === null) return text
  const kept = found[2] === ' (line)' ? '' : found[1]
  const rest = text.slice(0, found.index) + kept + text.slice(found.index + found[0].length)
  return found[2] === ' (file)' && (rest === '' || rest === '#!/bin/sh\n') ? undefined : rest
}

/** Whether withBlock() has been here. */
export const hasBlock = (text: string): boolean => text.includes(begin)

/** Puts `member` first into the object at `path`, or into the array there if it has no key; undefined where none is. */
export function withMember(text: string, path: readonly string[], member: string): string | undefined {
  const tree = parseTree(text)
  const node = tree && findNodeAtLocation(tree, [...path])
  if (node?.type !== (/^"\w+":/.test(member) ? 'object' : 'array')) return undefined
  const at = node.offset + 1
  const space = /^\s*/.exec(text.slice(at))![0]
  const empty = (node.children?.length ?? 0) === 0
  return text.slice(0, at) + (empty ? member : `${space}${member},`) + text.slice(at)
}

/** Takes out what withMember() put in; undefined where it does not stand there as it was written. */
export function withoutMember(text: string, member: string): string | undefined {
  const at = text.indexOf(member)
  if (at === -1) return undefined
  const after = at + member.length
  if (text[after] !== ',') return text.slice(0, at) + text.slice(after)
  const before = text.slice(0, at).trimEnd().length
  return text.slice(0, before) + text.slice(after + 1)
}

/** Takes out a value by its place, where somebody has laid the file out anew. */
export const withoutValue = (text: string, path: (string | number)[]): string =>
  applyEdits(text, modify(text, path, undefined, {}))
