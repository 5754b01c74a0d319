// Every finding code, named once: what it is called, why it matters, how to mend it, which family of evidence it is.
// Table, JSON, `explain` and every later reporter read it here. `secret/<id>` codes come from signatures/*.toml.

import type { Rule, Source } from './types.ts'

export const catalog = {
  // ── project-level: what the lockfile as a whole says
  'lockfile/missing': {
    title: 'No lockfile',
    family: 'integrity',
    why: 'Without a lockfile every install resolves anew: two machines get different code, and a version published a minute ago comes in unseen.',
    fix: 'Let your package manager write one (`npm install --package-lock-only`, `pnpm install --lockfile-only`, `yarn install --mode=update-lockfile`, with Yarn 1 `yarn install --ignore-scripts`, `bun install --lockfile-only`) and commit it.',
  },
  'lockfile/uncommitted': {
    title: 'Lockfile is not committed',
    family: 'integrity',
    why: 'A lockfile that git does not track pins nothing for anybody else, CI included.',
    fix: 'Remove it from .gitignore and commit it.',
  },
  'lockfile/multiple': {
    title: 'Several lockfiles in one folder',
    family: 'integrity',
    why: 'Each manager reads its own and updates no other: two people, or a developer and CI, install different code from one commit. Where npm wrote both, only npm-shrinkwrap.json counts.',
    fix: 'Keep the lockfile of the manager you use, delete the others, name it in the `packageManager` field. Keep npm-shrinkwrap.json only for a program that you publish with it.',
  },
  'lockfile/conflict-markers': {
    title: 'Merge conflict in the lockfile',
    family: 'integrity',
    why: 'With conflict markers inside, package managers rewrite or ignore the lockfile: nothing is pinned.',
    fix: 'Take one side, then let the package manager complete it (`npm install --package-lock-only`, `pnpm install --lockfile-only`, `yarn install`, `bun install --lockfile-only`).',
  },
  'lockfile/drift': {
    title: 'Manifest and lockfile disagree',
    family: 'integrity',
    why: 'A strict install (`npm ci`, `--frozen-lockfile`, `--immutable`) refuses it, and a plain one silently resolves something that nobody reviewed.',
    fix: 'Let the package manager write it anew (`npm install --package-lock-only`, `pnpm install --lockfile-only`, `yarn install`, `bun install --lockfile-only`), review the change, commit it.',
  },
  'lockfile/unpinned': {
    title: 'Range accepts any version',
    family: 'integrity',
    why: '`*`, `latest`, `>=` and git branches let the next publish, whoever makes it, into the next resolution.',
    fix: 'Name the version you reviewed, or, where your policy lets you, a caret range of it.',
  },
  'lockfile/integrity-missing': {
    title: 'Package without integrity',
    family: 'integrity',
    why: 'The tarball is not checked against anything: whoever serves it decides what is installed.',
    fix: 'Delete the entry and let the package manager resolve it again, so that it records the hash.',
  },
  'lockfile/integrity-weak': {
    title: 'Weak integrity hash',
    family: 'integrity',
    why: 'SHA-1 and MD5 collisions can be made: a different tarball can carry the same hash.',
    fix: 'Delete the entry and let the package manager resolve it again, so that it records SHA-512.',
  },
  'lockfile/integrity-malformed': {
    title: 'Integrity is no hash',
    family: 'integrity',
    why: 'A value that no algorithm could have produced was written by hand or by an attack; some managers then skip the check.',
    fix: 'Find out who wrote it. Then delete the entry and let the package manager resolve it again.',
  },
  'lockfile/integrity-mismatch': {
    title: 'Integrity differs from the registry',
    family: 'integrity',
    why: 'The lockfile pins other bytes than the registry serves for that version: the entry was swapped, or the version was replaced.',
    fix: 'Do not install. Compare both tarballs, find who changed the lockfile.',
  },
  'lockfile/contradiction': {
    title: 'Lockfile contradicts itself',
    family: 'integrity',
    why: 'One file that names two packages for one place installs one of them and shows reviewers the other; which one depends on the release of the package manager.',
    fix: 'Do not install. Find who changed it, delete the entry, let the package manager resolve it again.',
  },
  'lockfile/resolved-mismatch': {
    title: 'Resolved to another package or version',
    family: 'integrity',
    why: 'The entry is called one package and downloads another: reviewers, and tools that look up names, see the harmless one.',
    fix: 'Do not install. Find who changed the lockfile, delete the entry, let the package manager resolve it again.',
  },
  'lockfile/alias-shadow': {
    title: "Alias takes another package's name",
    family: 'identity',
    why: 'Whoever imports that name gets other code than the name says, in every file and in every review.',
    fix: 'If the replacement is meant, accept it with a reason; else remove the alias (`npm:`) from the manifest or the lockfile.',
  },
  'lockfile/bundled': {
    title: "Installed out of another package's tarball",
    family: 'integrity',
    why: 'What a package bundles is whatever its publisher packed: the lockfile does not bind it by itself, and it need not be what the registry serves under that name and version.',
    fix: 'Nothing, if you trust the publisher; else look into the tarball (`npm pack NAME`), or use a package that depends on it openly.',
  },
  'lockfile/outside-project': {
    title: 'Installed from outside the repository',
    family: 'origin',
    why: 'The code is not in the repository: nobody reviews it, every machine has another one or none, and whoever can write to that folder decides what is installed.',
    fix: 'Move it into the repository (a workspace), or publish it and ask for a version.',
  },
  'lockfile/foreign-host': {
    title: 'Resolved on another host',
    family: 'origin',
    why: 'The tarball comes from a host that is not the registry responsible for that package: the usual way a lockfile is poisoned.',
    fix: 'Resolve it anew from the registry, or allow the host in audit-deps.json (`allowedHosts`).',
  },
  'lockfile/untrusted-registry': {
    title: 'The project chooses a registry that you do not know',
    family: 'origin',
    why: 'Whoever can change .npmrc decides whose packages are installed, and where npm sends the names and the tokens kept for that host: so begin dependency confusion and token theft.',
    fix: 'If the host is yours, name it in your user-level .npmrc (and in CI), so that it can be asked; if not, remove the line.',
  },
  'lockfile/insecure-url': {
    title: 'Resolved over an unencrypted connection',
    family: 'origin',
    why: 'Anybody on the way can replace what is downloaded.',
    fix: 'Use https, then resolve it anew.',
  },
  'lockfile/credentials-in-url': {
    title: 'Credentials in a resolved URL',
    family: 'exposure',
    why: 'Everybody who can read the lockfile can use them.',
    fix: 'Revoke them, move authentication into the user-level .npmrc (for Yarn .yarnrc.yml), resolve anew.',
  },
  'lockfile/git-source': {
    title: 'Installed from git',
    family: 'origin',
    why: 'No registry checks it, no integrity pins it, and its prepare script runs at install.',
    fix: 'Use a published version, or pin the full commit and review it.',
  },
  'lockfile/remote-tarball': {
    title: 'Installed from a URL',
    family: 'origin',
    why: 'No registry knows this tarball: its owner can replace it, and no advisory will ever name it.',
    fix: 'Use a published version.',
  },
  // ── who a package is
  'package/typosquat': {
    title: 'Name imitates a well-known package',
    family: 'identity',
    why: 'One letter from a well-known name is how look-alike packages get installed, by people and by assistants.',
    fix: 'If you meant the well-known one, change the name in package.json; else accept it with a reason.',
  },
  'package/new': {
    title: 'Package is new',
    family: 'novelty',
    why: 'Most malicious packages are found and removed within days: who waits is not hit.',
    fix: 'Wait, or read its code before you install it.',
  },
  'package/new-version': {
    title: 'Version is new',
    family: 'novelty',
    why: 'A hijacked package publishes a new version; it is usually noticed within days.',
    fix: 'Pin the previous version until this one has aged.',
  },
  'package/low-downloads': {
    title: 'Hardly anybody uses it',
    family: 'popularity',
    why: 'Few users means few eyes: nobody else would have noticed.',
    fix: 'Make sure it is the package you mean, and read its code.',
  },
  'package/install-script': {
    title: 'Runs a script at install',
    family: 'behaviour',
    why: 'Its code runs on your machine and in CI before anybody imports it.',
    fix: 'Install with --ignore-scripts, or allow this one by name (`npm approve-scripts`).',
  },
  'package/manifest-mismatch': {
    title: 'Tarball holds another manifest than the registry shows',
    family: 'integrity',
    why: 'Whoever publishes writes both, and nothing makes them agree: every tool that reads the registry is shown a harmless package.',
    fix: 'Do not install it before somebody has read the tarball (`npm pack NAME`); report it to the registry.',
  },
  'package/integrity-mismatch': {
    title: 'Tarball is not the one that was published',
    family: 'integrity',
    why: 'The bytes that are served do not match the hash that the registry names for them: they were replaced, there or on the way.',
    fix: 'Do not install. Try from another network; if it stays, tell whoever runs the registry.',
  },
  'package/deprecated': {
    title: 'Deprecated',
    family: 'vulnerability',
    why: 'Its authors no longer mend it.',
    fix: 'Move to what the deprecation message names.',
  },
  'package/unpublished': {
    title: 'Unpublished from the registry',
    family: 'identity',
    why: 'The name is, or will be, free for anybody to take.',
    fix: 'Remove it, or replace it by a package that exists.',
  },
  'package/security-held': {
    title: 'Held by the registry for security',
    family: 'identity',
    why: 'The registry took the package down because it was malicious and keeps the name as a placeholder.',
    fix: 'Remove it now; if it was ever installed, treat that machine and its tokens as compromised.',
  },
  'package/version-withdrawn': {
    title: 'Version was withdrawn from the registry',
    family: 'integrity',
    why: 'Versions are taken back because they were broken, or because they were an attack; what the lockfile pins is kept by nobody but caches and mirrors.',
    fix: 'Find out why it was withdrawn, move to a version that is listed; if it was an attack, treat every machine that installed it, and its tokens, as compromised.',
  },
  'package/version-unknown': {
    title: 'The registry lists no such version',
    family: 'integrity',
    why: 'Nobody who looks the package up sees this version: it was never published there, or came from another place.',
    fix: 'Find out who wrote it into the lockfile, then let the package manager resolve it again.',
  },
  'package/maintainer-change': {
    title: 'Its maintainers have changed',
    family: 'origin',
    why: 'Packages are handed over, bought and taken over: whoever holds the account decides what the next install brings.',
    fix: 'Look who the new maintainers are and what changed in this version (`npm diff`); until then pin the previous one.',
  },
  'package/new-publisher': {
    title: 'Published by somebody new',
    family: 'origin',
    why: 'No earlier version came from this account: a new colleague, or somebody with a stolen token.',
    fix: 'Compare it with the previous version (`npm diff`), look for a tag and a release in its repository; until then pin the previous one.',
  },
  'package/provenance-lost': {
    title: 'Provenance was lost',
    family: 'origin',
    why: 'The registry lists for the previous version a statement of the CI run that built it, and none for this one: so looks a version that somebody published with a stolen token. The statements themselves were not verified.',
    fix: 'Look for the commit, the tag and the release of this version; without them pin the previous one and ask the maintainers.',
  },
  'package/signature-invalid': {
    title: "The registry's signature does not hold",
    family: 'integrity',
    why: 'The registry signs name, version and hash of what it publishes. What is served now is not what was signed: it was changed at a mirror, in a cache or on the way.',
    fix: 'Do not install. Compare with another network or the registry itself (`npm audit signatures`), and tell whoever runs it.',
  },
  'package/signature-missing': {
    title: "The registry's signature is missing",
    family: 'integrity',
    why: 'What this registry serves is signed, and this version is not: it did not come the usual way.',
    fix: 'If it is your own package at your own registry, accept it with a reason; else ask whoever runs the registry.',
  },
  'package/repository-mismatch': {
    title: "Names another package's repository",
    family: 'origin',
    why: 'The repository is whatever the publisher writes down: with that of a popular package its stars, history and README vouch for a stranger.',
    fix: 'Make sure that the repository publishes this package (its workflows, its README); else use the one that it belongs to.',
  },
  'package/bin-shadow': {
    title: 'Brings a command of a common name',
    family: 'behaviour',
    why: 'Package managers put the commands of dependencies before all others: a script that calls `git` or `node` then runs this package.',
    fix: 'Remove it if you do not need that command; else call the real one by its full path in your scripts, and accept this with a reason.',
  },
  'package/vulnerability': {
    title: 'Known vulnerability',
    family: 'vulnerability',
    why: 'An advisory describes how this version can be attacked.',
    fix: 'Update to a version outside the affected range (`npm audit fix`).',
  },
  'package/malware': {
    title: 'Known malware',
    family: 'vulnerability',
    why: 'An advisory says that this version is an attack.',
    fix: 'Remove it now; treat every machine that installed it, and its tokens, as compromised.',
  },
  // ── secrets, beyond what each signature says of its own
  'secret/client-exposed': {
    title: 'Secret in pages that everybody can read',
    family: 'exposure',
    why: 'Build tools copy variables with this prefix, and whatever a `define` names, into the JavaScript that browsers download: every visitor has it.',
    fix: 'Rotate it. Then give it a name without the prefix, and use it on a server that the page asks.',
  },
  'secret/tracked-env': {
    title: '.env file is committed',
    family: 'exposure',
    why: 'It is where secrets go next: whatever is added to it is in git from then on, for everybody with a clone.',
    fix: 'Run `git rm --cached` on it, add it to .gitignore, and commit a .env.example with names and no values.',
  },
  'secret/published-file': {
    title: 'Package would publish a file with secrets',
    family: 'exposure',
    why: '`npm publish` uploads it to a registry that everybody can read, and mirrors keep it even if it is unpublished.',
    fix: 'List what belongs into the package in the `files` field of package.json, check with `npm pack --dry-run`, and rotate what was published already.',
  },
  // ── names that stand for nothing
  'phantom/not-found': {
    title: 'Package does not exist',
    family: 'identity',
    why: 'The name is free: whoever registers it gets their code into your next install.',
    fix: 'Correct the name, or remove it.',
  },
  'phantom/undeclared': {
    title: 'Imported, but declared nowhere',
    family: 'integrity',
    why: 'It works only while something else happens to install it: another version, or nothing, can take its place with the next update.',
    fix: 'Add it to the dependencies of the package that imports it, after a look at whether it is the one you mean; or remove the import.',
  },
  'phantom/unused': {
    title: 'Declared, but named nowhere',
    family: 'behaviour',
    why: 'Code that nobody uses is installed all the same, and its next version can run on every machine.',
    fix: 'Remove it, if nothing loads it by a computed name.',
  },
  'phantom/confusion': {
    title: 'Private name on the public registry',
    family: 'origin',
    why: 'Where a machine asks the public registry for it, whoever holds the name there decides what is installed: dependency confusion.',
    fix: 'Register the scope (or the name) on the public registry, and map it to your own registry in every .npmrc.',
  },
  'phantom/squatted-later': {
    title: 'Named here before it was published',
    family: 'novelty',
    why: 'The name stood in this repository while no such package existed: somebody may have registered it because such names are made up, and asked for, again and again.',
    fix: 'Remove it, until its code was read and its owner is known; treat machines that installed it with care.',
  },
  'phantom/export': {
    title: 'No such export or method',
    family: 'identity',
    why: 'Nobody has ever run this line: the name was made up, or belongs to something else. It fails as soon as it is reached.',
    fix: 'Correct the name. If another version of the package has it, install that one; for a method that no array or string has, write it out or import a function.',
  },
  // ── the team's own policy
  'policy/expired-exception': {
    title: 'Exception has expired',
    family: 'exposure',
    why: 'Somebody accepted this until a day that is over: what it covered counts again.',
    fix: 'Mend what it covered and remove the exception; or look at its reason again and give it a new day.',
  },
} as const satisfies Record<string, Rule>

export type CatalogCode = keyof typeof catalog

/** What each source of coverage is called in a sentence. */
export const sourceNames = {
  'git-objects': "git's objects",
  attribution: 'commits and authors of what was found',
  'work-tree': 'the work tree',
  rules: 'rules and exceptions of gitleaks',
  manifest: 'package.json files',
  lockfile: 'lockfiles',
  'dependency-tree': 'the dependency tree',
  'existence-direct': 'existence of direct dependencies',
  'existence-transitive': 'existence of transitive dependencies',
  packuments: 'age and history of packages',
  downloads: 'downloads',
  advisories: 'known vulnerabilities',
  publishers: 'who published packages',
  signatures: 'signatures of the registry',
  tarball: 'what tarballs hold',
  exports: 'names that are imported from packages',
  'source-files': 'imports in source files',
  documents: 'documents, scripts and configuration that name packages',
  'existence-mentioned': 'existence of packages that only files name',
  'name-history': 'history of names that are young packages',
} as const satisfies Record<Source, string>

/** What only a registry can tell: `--offline` leaves it out. */
export const registrySources: ReadonlySet<Source> = new Set<Source>([
  'existence-direct',
  'existence-transitive',
  'existence-mentioned',
  'packuments',
  'downloads',
  'advisories',
  'publishers',
  'signatures',
])
