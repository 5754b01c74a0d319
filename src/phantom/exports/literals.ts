// Methods called on array and string literals that no built-in has: `[].filterByKey()`. A project, or a library that it
// uses, may have given all arrays that method; where it might, nothing is said.

import { finding } from '../../finding.ts'
import { nearest } from '../../names/nearest.ts'
import { builtinMethods } from '../../project/sources/builtins.ts'
import { clean, harmless } from '../../redact.ts'
import type { Finding, SourceFile, Sources } from '../../types.ts'

/** Libraries that add methods to the prototypes of arrays or strings, as their manuals say. */
const extenders =
  /^(?:sugar|shelljs|colors|should|ember-source|@ember\/.*|prototype|mootools|datejs|string|collections|underscore\.string|core-js|es[5-7]-shim|chai|must|unexpected|array\.prototype\..*|string\.prototype\..*|harmony-reflect|cli-color|zone\.js)(?:\/|$)/

export function literalMethods({ files }: Sources): readonly Finding[] {
  const given = new Set(files.flatMap(({ prototypes = [] }) => prototypes))
  const isExtended = files.some(({ imports }) => imports.some(({ specifier }) => extenders.test(specifier)))
  if (given.has('*') || isExtended) return []
  return files.flatMap((file) =>
    file.literalCalls.filter(({ name }) => !given.has(name)).map((call) => found(file, call)),
  )
}

function found({ path }: SourceFile, { on, name, line, column }: SourceFile['literalCalls'][number]): Finding {
  const meant = nearest(name, builtinMethods[on])
  const question = meant === undefined ? '' : `; did you mean ${meant}?`
  const things = on === 'array' ? 'arrays' : 'strings'
  return finding(
    {
      code: 'phantom/export',
      scanner: 'phantom',
      subject: { kind: 'project', path: harmless(path) },
      severity: 'medium',
      confidence: 'medium',
      message: `${things} have no method ${clean(name)}${question}`,
      evidence: [
        {
          kind: 'file',
          path: harmless(path),
          line,
          column,
          excerpt: harmless(`${on === 'array' ? '[…]' : '"…"'}.${name}()`),
        },
      ],
    },
    `${on}\0${name}`,
  )
}
