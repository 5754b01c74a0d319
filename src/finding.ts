// A finding's identity: the key that joins what different scanners say of one subject, and the
// fingerprint by which baselines and code hosts know a finding again.

import { createHash } from 'node:crypto'
import type { Finding, Subject } from './types.ts'

/**
 * Completes a finding with its fingerprint. `detail` tells apart findings of one code on one subject that must be
 * accepted separately (a version, an advisory id); never put a line number or a time in it.
 */
export const finding = (facts: Omit<Finding, 'fingerprint'>, detail = ''): Finding => ({
  ...facts,
  fingerprint: fingerprint(facts.code, facts.subject, detail),
})

/** Depends on what was found, not on where or when: it survives moved lines, other clones and other machines. */
export const fingerprint = (code: string, subject: Subject, detail = ''): string =>
  createHash('sha256')
    .update(`${code}\0${subjectKey(subject)}\0${detail}`)
    .digest('hex')
    .slice(0, 32)

/** @param version as it is locked, resolved or installed, where one is known */
export const packageSubject = (name: string, version: string | undefined): Subject => ({
  kind: 'package',
  name,
  ...(version === undefined ? {} : { version }),
})

/** A package is its name, whichever version was seen where: that makes one report of three scanners. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case 'secret':
      return `secret:${subject.digest}`
    case 'package':
      return `package:${subject.name}`
    case 'project':
      return `project:${subject.path}`
  }
}
