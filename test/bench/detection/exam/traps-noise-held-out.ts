// Traps of the held-out half: random-looking values that open nothing.

import { createHash } from 'node:crypto'
import { AN, B64, B64U, DIGIT, HEX, type Random, UP } from './random.ts'
import type { Trap } from './values.ts'

const sha = (r: Random, length = 64): string => r.text(HEX, length)
const sri = (r: Random): string => `sha512-${createHash('sha512').update(r.bytes(8)).digest('base64')}`

export const heldOutNoise: readonly Trap[] = [
  [
    'hash',
    'yarn-lock',
    (r) => [
      'yarn.lock',
      `# yarn lockfile v1\n\npassword-prompt@^1.1.2:\n  version "1.1.3"\n  resolved "https://registry.example/password-prompt/-/password-prompt-1.1.3.tgz#${sha(r, 40)}"\n  integrity ${sri(r)}\n`,
    ],
  ],
  [
    'hash',
    'pnpm-lock',
    (r) => [
      'pnpm-lock.yaml',
      `packages:\n  /jsonwebtoken@9.0.2:\n    resolution: {integrity: ${sri(r)}}\n    engines: {node: '>=12'}\n    dev: false\n`,
    ],
  ],
  [
    'hash',
    'poetry-lock',
    (r) => [
      'poetry.lock',
      `[[package]]\nname = "keyring"\nversion = "24.3.0"\nfiles = [\n    {file = "keyring-24.3.0-py3-none-any.whl", hash = "sha256:${sha(r)}"},\n    {file = "keyring-24.3.0.tar.gz", hash = "sha256:${sha(r)}"},\n]\n`,
    ],
  ],
  [
    'hash',
    'composer-lock',
    (r) => [
      'composer.lock',
      `{\n  "content-hash": "${sha(r, 32)}",\n  "packages": [{\n    "name": "acme/token",\n    "source": { "type": "git", "reference": "${sha(r, 40)}" },\n    "dist": { "type": "zip", "shasum": "${sha(r, 40)}" }\n  }]\n}\n`,
    ],
  ],
  [
    'hash',
    'gemfile-podfile',
    (r) => [
      'ios/Podfile.lock',
      `SPEC CHECKSUMS:\n  FirebaseAuth: ${sha(r, 40)}\n  KeychainAccess: ${sha(r, 40)}\n\nPODFILE CHECKSUM: ${sha(r, 40)}\n`,
    ],
  ],
  [
    'hash',
    'csp-header',
    (r) => [
      'nginx/headers.conf',
      `add_header Content-Security-Policy "script-src 'self' 'sha256-${r.text(B64, 43)}=' 'nonce-$request_id'";\nadd_header Public-Key-Pins 'pin-sha256="${r.text(B64, 43)}="; max-age=5184000';\n`,
    ],
  ],
  [
    'hash',
    'diff-index',
    (r) => [
      'fix.patch',
      `From ${sha(r, 40)} Mon Sep 17 00:00:00 2001\nSubject: [PATCH] token: fix refresh\n\ndiff --git a/token.js b/token.js\nindex ${sha(r, 40)}..${sha(r, 40)} 100644\n--- a/token.js\n+++ b/token.js\n@@ -1 +1 @@\n-const a = 1\n+const a = 2\n`,
    ],
  ],
  [
    'hash',
    'log-trace-ids',
    (r) => [
      'logs/app.log',
      `2025-03-01T10:00:00Z INFO trace_id=${sha(r, 32)} span_id=${sha(r, 16)} msg="token accepted"\n2025-03-01T10:00:01Z INFO request=${r.uuid()} key=orders:${r.text(DIGIT, 9)} hit=true\n`,
    ],
  ],
  [
    'uuid',
    'sql-seed',
    (r) => [
      'db/seed.sql',
      `INSERT INTO tokens (id, kind) VALUES ('${r.uuid()}', 'refresh');\nINSERT INTO api_keys (id, owner) VALUES ('${r.uuid()}', '${r.uuid()}');\n`,
    ],
  ],
  [
    'uuid',
    'xcode-project',
    (r) => [
      'App.xcodeproj/project.pbxproj',
      `\t\t${r.text('0123456789ABCDEF', 24)} /* Keychain.swift in Sources */ = {isa = PBXBuildFile; fileRef = ${r.text('0123456789ABCDEF', 24)} /* Keychain.swift */; };\n\t\t${r.text('0123456789ABCDEF', 24)} /* Token.swift */ = {isa = PBXFileReference; path = Token.swift; };\n`,
    ],
  ],
  [
    'public',
    'wireguard-public',
    (r) => [
      'ops/peers.conf',
      `[Peer]\nPublicKey = ${r.text(B64, 42)}A=\nAllowedIPs = 10.8.0.${r.int(2, 250)}/32\nEndpoint = vpn.acme.io:51820\n`,
    ],
  ],
  [
    'public',
    'known-hosts',
    (r) => [
      'ops/known_hosts',
      `github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${r.text(B64, 43)}\n|1|${r.text(B64, 27)}=|${r.text(B64, 27)}= ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBB${r.text(B64, 86)}=\n`,
    ],
  ],
  [
    'public',
    'jwks',
    (r) => [
      'public/jwks.json',
      `{\n  "keys": [\n    { "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "${r.text(B64U, 24)}", "n": "${r.text(B64U, 342)}", "e": "AQAB" }\n  ]\n}\n`,
    ],
  ],
  [
    'public',
    'certificate-request',
    (r) => [
      'certs/server.csr',
      `-----BEGIN CERTIFICATE REQUEST-----\nMIIC${r.text(B64, 60)}\n${r.text(B64, 64)}\n-----END CERTIFICATE REQUEST-----\n`,
    ],
  ],
  [
    'public',
    'dkim-record',
    (r) => [
      'dns/acme.io.zone',
      `mail._domainkey IN TXT "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKB${r.text(B64, 180)}IDAQAB"\n@ IN TXT "google-site-verification=${r.text(B64U, 43)}"\n`,
    ],
  ],
  [
    'image',
    'svg-paths',
    (r) => [
      'src/icons/key.svg',
      `<svg viewBox="0 0 24 24"><path d="M${r.int(1, 20)} 2l-2 2m-7.61 7.61a5.5 5.5 0 1 1-7.778 7.778 5.5 5.5 0 0 1 7.777-7.777zm0 0L15.5 7.5m0 0l3 3L22 7l-3-3m-3.5 3.5L19 4"/></svg>\n`,
    ],
  ],
  [
    'image',
    'notebook-output',
    (r) => [
      'plot.ipynb',
      `{\n "cells": [{\n  "cell_type": "code",\n  "outputs": [{ "data": { "image/png": "iVBORw0KGgoAAAANSUhEUgAA${r.text(B64, 380)}\\n" } }],\n  "source": ["plt.plot(tokens)"]\n }]\n}\n`,
    ],
  ],
  [
    'minified',
    'source-map',
    (r) => [
      'public/app.js.map',
      `{"version":3,"sources":["token.ts","password.ts"],"names":["apiKey","secret"],"mappings":"${r.text(`${AN}+/,;`, 200)}"}\n`,
    ],
  ],
  [
    'encrypted',
    'sops-json',
    (r) => [
      'prod.enc.json',
      `{\n  "api_key": "ENC[AES256_GCM,data:${r.text(B64, 44)},iv:${r.text(B64, 43)}=,tag:${r.text(B64, 22)}==,type:str]",\n  "sops": { "kms": [{ "enc": "AQICAH${r.text(B64, 180)}==" }], "version": "3.7.3" }\n}\n`,
    ],
  ],
  [
    'encrypted',
    'rails-credentials',
    (r) => ['config/credentials.yml.enc', `${r.text(B64, 240)}--${r.text(B64, 15)}==--${r.text(B64, 22)}==\n`],
  ],
  [
    'encrypted',
    'travis-secure',
    (r) => ['.travis.yml', `env:\n  global:\n    - secure: "${r.text(B64, 340)}="\nscript: make test\n`],
  ],
  [
    'encrypted',
    'pgp-message',
    (r) => [
      'backup.asc',
      `-----BEGIN PGP MESSAGE-----\n\nhQIMA${r.text(B64, 59)}\n${r.text(B64, 64)}\n=${r.text(B64, 4)}\n-----END PGP MESSAGE-----\n`,
    ],
  ],
  [
    'test vector',
    'crypto-kat',
    () => [
      'test/hmac_test.go',
      `var vectors = []struct{ key, data, want string }{\n\t{"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},\n\t{"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},\n}\n`,
    ],
  ],
  [
    'test vector',
    'fake-credentials',
    (r) => [
      'spec/login_spec.rb',
      `RSpec.describe Session do\n  let(:user) { create(:user, password: '${r.pick(['password123', 'secret', 'letmein', 'hunter2'])}') }\n  let(:token) { 'fake_token' }\n  it { expect(token).to eq 'invalid-token' }\nend\n`,
    ],
  ],
  [
    'public',
    'public-analytics',
    (r) => [
      'web/index.html',
      `<script>\n  gtag('config', 'G-${r.text(UP, 10)}');\n  Sentry.init({ dsn: 'https://${sha(r, 32)}@o${r.int(1000, 9999)}.ingest.sentry.io/${r.int(1000, 9999)}' });\n</script>\n`,
    ],
  ],
  [
    'identifier',
    'oauth-client-ids',
    (r) => [
      'config/oauth.json',
      `{\n  "client_id": "${r.text(DIGIT, 12)}-${r.text('abcdefghijklmnop0123456789', 32)}.apps.googleusercontent.com",\n  "tenant": "${r.uuid()}",\n  "token_uri": "https://oauth2.googleapis.com/token",\n  "key_id": "${r.text(UP, 10)}"\n}\n`,
    ],
  ],
]
