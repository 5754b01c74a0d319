// Methods called on array and string literals that no built-in has: `[].filterByKey()`. A project, or a library that it
// uses, may have given all arrays that method; where it might, nothing is said.

import { finding } from '../../finding.ts'
import { nearest } from '../../names/nearest.ts'
import { builtinMethods } from '../../project/sources/builtins.ts'
import { clean, harmless } from '../../redact.ts'
import type { FileEvidence, Finding, SourceFile, Sources } from '../../types.ts'

/** Libraries that add methods to the prototypes of arrays or strings, as their manuals say. */
const extenders =
  /^(?:sugar|shelljs|colors|should|ember-source|@ember\/.*|prototype|mootools|datejs|string|collections|underscore\.string|core-js|es[5-7]-shim|chai|must|unexpected|array\.prototype\..*|string\.prototype\..*|harmony-reflect|cli-color|zone\.js)(?:\/|$)/

export function literalMethods({ files }: Sources): readonly Finding[] {
  const given = new Set(files.flatMap(({ prototypes = [] }) => prototypes))
  const isExtended = files.some(({ imports }) => imports.some(({ specifier }) => extenders.test(specifier)))
  if (given.has('*') || isExtended) return []
  return files.flatMap(({ path, literalCalls }) => {
    const calls = new Map<string, [Call, ...Call[]]>()
    for (const call of literalCalls) {
      if (given.has(call.name)) continue
      const known = calls.get(`${call.on} ${call.name}`)
      if (known === undefined) calls.set(`${call.on} ${call.name}`, [call])
      else if (known.length < shownPlaces) known.push(call)
    }
    return [...calls.values()].map((same) => found(path, same))
  })
}

type Call = SourceFile['literalCalls'][number]

/** Places shown of one method in one file. */
const shownPlaces = 5

function found(path: string, [first, ...others]: readonly [Call, ...Call[]]): Finding {
  const { on, name } = first
  const meant = nearest(name, builtinMethods[on])
  const question = meant === undefined ? '' : `; did you mean ${meant}?`
  const things = on === 'array' ? 'arrays' : 'strings'
  const place = ({ line, column }: Call): FileEvidence => ({
    kind: 'file',
    path: harmless(path),
    line,
    column,
    excerpt: harmless(`${on === 'array' ? '[…]' : '"…"'}.${name}()`),
  })
  return finding(
    {
      code: 'phantom/export',
      scanner: 'phantom',
      subject: { kind: 'project', path: harmless(path) },
      severity: 'medium',
      confidence: 'medium',
      message: `${things} have no method ${clean(name)}${question}`,
      evidence: [place(first), ...others.map(place)],
    },
    `${on}\0${name}`,
  )
}
