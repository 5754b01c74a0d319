// Kubernetes Secrets: `data:` holds base64 that is often too short to stand out, under keys that say what it is. Each
// value is presented decoded, as an assignment to its key, in YAML and in JSON. Values that span lines or are long
// enough to stand out need no help: decode.ts finds them.

import type { Span } from '../redact.ts'
import type { Decoding } from './decode.ts'
import { latin1 } from './latin1.ts'

export function* secretManifestValues(bytes: Buffer): Generator<Decoding> {
  if (!bytes.includes('Secret')) return
  for (const block of dataBlocks(bytes)) {
    const text = latin1(bytes, block.start, block.end)
    for (const match of text.matchAll(entry)) {
      const { key, value } = match.groups!
      const decoded = Buffer.from(value!, 'base64').toString('latin1')
      // Anything that would end the quotation is no password in one line.
      if (!/^[\x20\x21\x23-\x5b\x5d-\x7e\xa0-\xff]+$/.test(decoded)) continue
      const start = block.start + match.index + match[0].lastIndexOf(value!)
      const end = start + value!.length
      yield {
        text: Buffer.from(`${key}: "${decoded}"`, 'latin1'),
        how: 'base64 in a Kubernetes Secret',
        spanOf: () => ({ start, end }),
      }
    }
  }
}

/** `key: dmFsdWU=` or `"key": "dmFsdWU="`. */
const entry =
  /(?<=[\s{,]["']?)(?<key>[A-Za-z0-9][\w.-]{0,99})["']?[ \t]{0,8}:[ \t\n]{0,8}["']?(?<value>(?:[A-Za-z0-9+/]{4}){1,128}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)(?=["',}\s]|$)/g

/** Manifests are not longer than etcd takes: 1.5 MB. */
const longestManifest = 1_500_000

/** The insides of each `data` of a document of kind Secret; none overlap. */
function* dataBlocks(bytes: Buffer): Generator<Span> {
  const text = latin1(bytes, 0, longestManifest)
  let start = 0
  for (const document of text.split(/^(?=---)/m)) {
    const [kind, data, endOf] = jsonKind.test(document) ? jsonShape : yamlShape
    let end = 0
    if (kind.test(document))
      for (const match of document.matchAll(data)) {
        if (match.index < end) continue
        const from = match.index + match[0].length
        end = endOf(document, from, match.groups?.indent ?? '')
        yield { start: start + from - 1, end: start + end }
      }
    start += document.length
  }
}

type Shape = readonly [kind: RegExp, data: RegExp, endOf: (document: string, from: number, indent: string) => number]

const jsonKind = /"kind"\s{0,8}:\s{0,8}"Secret"/
const jsonShape: Shape = [
  jsonKind,
  /"data"\s{0,8}:\s{0,8}\{/g,
  (document, from) => {
    const end = document.indexOf('}', from)
    return end === -1 ? document.length : end
  },
]
const yamlShape: Shape = [
  /^[ \t-]{0,20}kind:[ \t]{0,8}["']?Secret["']?[ \t\r]{0,8}$/m,
  /^(?<indent>[ \t]{0,40})(?:- )?data:[ \t\r]{0,8}$/gm,
  endOfDeeperLines,
]

function endOfDeeperLines(document: string, from: number, indent: string): number {
  let end = from
  while (end < document.length) {
    const next = document.indexOf('\n', end + 1)
    const line = document.slice(end + 1, next === -1 ? document.length : next)
    if (line.trim() !== '' && !(line.startsWith(indent) && /^[ \t]/.test(line.slice(indent.length)))) break
    end = next === -1 ? document.length : next
  }
  return end
}
