// Traps of the development half: random-looking values that open nothing.

import { createHash } from 'node:crypto'
import { AN, B64, B64U, base64, HEX, type Random, UP, UPPER } from './random.ts'
import type { Trap } from './values.ts'

const sri = (r: Random): string => `sha512-${createHash('sha512').update(r.bytes(8)).digest('base64')}`
const sha = (r: Random, length = 64): string => r.text(HEX, length)

export const developmentNoise: readonly Trap[] = [
  [
    'hash',
    'package-lock',
    (r) => [
      'package-lock.json',
      `{\n  "lockfileVersion": 3,\n  "packages": {\n    "node_modules/token-kit": {\n      "version": "1.0.${r.int(0, 9)}",\n      "resolved": "https://registry.example/token-kit/-/token-kit-1.0.0.tgz",\n      "integrity": "${sri(r)}"\n    }\n  }\n}\n`,
    ],
  ],
  [
    'hash',
    'cargo-lock',
    (r) => [
      'Cargo.lock',
      `[[package]]\nname = "secrecy"\nversion = "0.8.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${sha(r)}"\ndependencies = [\n "zeroize",\n]\n`,
    ],
  ],
  [
    'hash',
    'go-sum',
    (r) => [
      'go.sum',
      `github.com/acme/keyring v1.2.3 h1:${r.text(B64, 43)}=\ngithub.com/acme/keyring v1.2.3/go.mod h1:${r.text(B64, 43)}=\n`,
    ],
  ],
  [
    'hash',
    'html-sri',
    (r) => [
      'public/index.html',
      `<head>\n  <script src="/app.js" integrity="${sri(r)}" crossorigin="anonymous"></script>\n  <link rel="stylesheet" href="/a.css" integrity="sha384-${r.text(B64, 64)}">\n</head>\n`,
    ],
  ],
  [
    'hash',
    'git-oids',
    (r) => [
      'CHANGELOG.md',
      `## 2.1.0\n\n- token refresh fixed (${sha(r, 40)})\n- password form (#${r.int(10, 999)}), closes ${sha(r, 40)}\n`,
    ],
  ],
  [
    'hash',
    'actions-pin',
    (r) => [
      '.github/workflows/scan.yml',
      `steps:\n  - uses: acme/secret-scan@${sha(r, 40)} # v3\n  - uses: actions/cache@${sha(r, 40)}\n    with:\n      key: build-\${{ hashFiles('**/package-lock.json') }}\n`,
    ],
  ],
  [
    'hash',
    'docker-digest',
    (r) => [
      'Dockerfile',
      `FROM node@sha256:${sha(r)} AS build\nRUN apk add --no-cache openssl\nFROM gcr.io/distroless/nodejs20@sha256:${sha(r)}\n`,
    ],
  ],
  [
    'hash',
    'checksums-file',
    (r) => [
      'dist/SHA256SUMS',
      `${sha(r)}  orders-linux-amd64.tar.gz\n${sha(r)}  orders-darwin-arm64.tar.gz\n${sha(r, 32)}  legacy.zip\n`,
    ],
  ],
  [
    'uuid',
    'constants',
    (r) => [
      'src/ids.ts',
      `export const TENANT_ID = '${r.uuid()}'\nexport const featureKeys = { checkout: '${r.uuid()}', search: '${r.uuid()}' }\nconst correlationId = '${r.uuid()}'\n`,
    ],
  ],
  [
    'uuid',
    'csproj-guid',
    (r) => [
      'Orders.sln',
      `Project("{${r.uuid().toUpperCase()}}") = "Orders.Tokens", "Tokens.csproj", "{${r.uuid().toUpperCase()}}"\nEndProject\n`,
    ],
  ],
  [
    'public',
    'ssh-public-key',
    (r) => [
      'ops/authorized_keys',
      `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${r.text(B64, 43)} deploy@build\nssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ${r.text(B64, 340)}== ops\n`,
    ],
  ],
  [
    'public',
    'certificate',
    (r) => [
      'certs/ca.pem',
      `-----BEGIN CERTIFICATE-----\nMIID${r.text(B64, 60)}\n${r.text(B64, 64)}\n${r.text(B64, 62)}==\n-----END CERTIFICATE-----\n`,
    ],
  ],
  [
    'public',
    'public-key-pem',
    (r) => [
      'config/jwt.pub',
      `-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE${r.text(B64, 28)}\n${r.text(B64, 58)}==\n-----END PUBLIC KEY-----\n`,
    ],
  ],
  [
    'public',
    'fingerprints',
    (r) => [
      'docs/keys.md',
      `Release key fingerprint: ${Array.from({ length: 10 }, () => r.text('0123456789ABCDEF', 4)).join(' ')}\nHost key: SHA256:${r.text(B64, 43)}\nAPK signature: ${Array.from({ length: 20 }, () => r.text('0123456789ABCDEF', 2)).join(':')}\n`,
    ],
  ],
  [
    'image',
    'data-uri',
    (r) => [
      'src/logo.ts',
      `export const logo = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA${r.text(B64, 400)}=='\nexport const keyIcon = 'data:image/svg+xml;base64,${base64(`<svg xmlns="http://www.w3.org/2000/svg"><path d="M${r.int(1, 99)} 4L9 2z"/></svg>`)}'\n`,
    ],
  ],
  [
    'minified',
    'bundle',
    (r) => [
      'public/app.min.js',
      `!function(e,t){"use strict";var n={password:"password",token:t.token,key:function(e){return e.key}},o=e.secret||n.key;function a(e){return e.apiKey=o,e.token=n.token[${r.int(1, 9)}]}t.exports=a}(window,module);\n`,
    ],
  ],
  [
    'encrypted',
    'ansible-vault',
    (r) => [
      'group_vars/vault.yml',
      `db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  ${r.text('3456789', 80)}\n  ${r.text('3456789', 80)}\n  ${r.text('3456789', 62)}\n`,
    ],
  ],
  [
    'encrypted',
    'sops-yaml',
    (r) => [
      'secrets.enc.yaml',
      `db_password: ENC[AES256_GCM,data:${r.text(B64, 22)}==,iv:${r.text(B64, 43)}=,tag:${r.text(B64, 22)}==,type:str]\nsops:\n  mac: ENC[AES256_GCM,data:${r.text(B64, 120)},iv:${r.text(B64, 43)}=,tag:${r.text(B64, 22)}==,type:str]\n  version: 3.8.1\n`,
    ],
  ],
  [
    'encrypted',
    'sealed-secret',
    (r) => [
      'k8s/sealed.yaml',
      `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: orders\nspec:\n  encryptedData:\n    password: AgB${r.text(B64, 340)}==\n`,
    ],
  ],
  [
    'test vector',
    'hash-constants',
    () => [
      'src/sha256.c',
      `static const uint32_t k[] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5 };\n/* empty key: */\nstatic const char *digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";\n`,
    ],
  ],
  [
    'test vector',
    'unit-test-values',
    (r) => [
      'test/login.test.ts',
      `it('rejects a wrong password', async () => {\n  await login({ user: 'alice', password: '${r.pick(['wrong', 'secret', 'password', 'foobar'])}' })\n  expect(form.token).toBe('test-token')\n  expect(form.apiKey).toBe('fake-api-key')\n})\n`,
    ],
  ],
  [
    'test vector',
    'snapshot',
    (r) => [
      'test/__snapshots__/form.test.js.snap',
      `exports[\`renders 1\`] = \`\n<input\n  class="css-${r.text(AN, 7)}-PasswordInput"\n  data-token-id="token-field-${r.int(1, 9)}"\n  type="password"\n/>\n\`;\n`,
    ],
  ],
  [
    'public',
    'publishable-key',
    (r) => [
      'web/pay.js',
      `// publishable by design\nconst stripe = Stripe('pk_test_${r.text(AN, 24)}')\nposthog.init('phc_${r.text(AN, 43)}')\n`,
    ],
  ],
  [
    'identifier',
    'aws-resources',
    (r) => [
      'infra/main.tf',
      `key_name       = "deploy-production-eu"\nkms_key_id     = "arn:aws:kms:eu-west-1:${r.int(1e11, 9e11)}:key/${r.uuid()}"\nsecurity_group = "sg-0${sha(r, 16)}"\nsubnet_id      = "subnet-0${sha(r, 16)}"\nhosted_zone    = "Z${r.text(UP, 20)}"\n`,
    ],
  ],
  [
    'identifier',
    'api-versions',
    (r) => [
      'src/headers.ts',
      `const keyVersion = '2024-0${r.int(1, 9)}-15'\nconst publicKeyId = '${r.text(UPPER, 8)}-${r.int(10, 99)}'\nconst cacheKey = \`user:\${id}:profile:v2\`\nconst sortKey = 'createdAt#DESC'\n`,
    ],
  ],
  [
    'hash',
    'etag',
    (r) => [
      'cache/index.json',
      `{\n  "etag": "W/\\"${sha(r, 40)}\\"",\n  "cacheKey": "${sha(r, 32)}",\n  "contentHash": "${r.text(B64U, 22)}",\n  "buildId": "${r.text(B64U, 21)}"\n}\n`,
    ],
  ],
]
