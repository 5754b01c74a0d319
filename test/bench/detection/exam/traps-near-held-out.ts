// Traps of the held-out half: near misses of other kinds.

import { AN, B64, B64U, base64, DIGIT, HEX } from './random.ts'
import type { Trap } from './values.ts'

export const heldOutNear: readonly Trap[] = [
  [
    'pagination',
    'continuation-token',
    (r) => [
      'spec/fixtures/search.yml',
      `response:\n  continuation_token: ${r.text(B64U, 48)}\n  cursor: "${r.text(B64, 28)}"\n  resume_key: ${r.text(HEX, 24)}\n`,
    ],
  ],
  [
    'pagination',
    'foreign-keys',
    (r) => [
      'src/main/resources/db/changelog.xml',
      `<changeSet id="${r.int(100, 999)}" author="kim">\n  <addForeignKeyConstraint constraintName="FK${r.text('abcdefghijklmnopqrstuvwxyz0123456789', 25)}" baseTableName="tokens" />\n  <addPrimaryKey constraintName="PK_API_KEYS" tableName="api_keys" />\n</changeSet>\n`,
    ],
  ],
  [
    'public',
    'tuf-root',
    (r) => [
      'tuf/root.json',
      `{\n  "keys": {\n    "${r.text(HEX, 64)}": { "keytype": "ed25519", "keyval": { "public": "${r.text(HEX, 64)}" } }\n  },\n  "signatures": [{ "keyid": "${r.text(HEX, 64)}", "sig": "${r.text(HEX, 128)}" }]\n}\n`,
    ],
  ],
  [
    'public',
    'minisign',
    (r) => [
      'src/updater.rs',
      `const PUBLIC_KEY: &str = "RW${r.text(B64, 54)}";\nconst KEY_ID: &str = "${r.text('0123456789ABCDEF', 16)}";\n`,
    ],
  ],
  [
    'reference',
    'jinja-and-ejs',
    (r) => [
      'roles/app/templates/env.j2',
      `DB_PASSWORD={{ vault_db_password }}\nAPI_KEY={{ lookup('aws_ssm', '/prod/api_key_${r.int(1, 9)}') }}\nTOKEN=<%= token %>\nDATABASE_URL=postgres://{{ db_user }}:{{ db_pass }}@{{ db_host }}/orders\n`,
    ],
  ],
  [
    'reference',
    'makefile-shell',
    (r) => [
      'Makefile',
      `TOKEN := $(shell gcloud auth print-access-token)\nPASSWORD ?= $(DB_PASSWORD)\n\npush:\n\tcurl -u "$(USER):$(PASSWORD)" -H "X-Key: $$API_KEY_${r.int(1, 9)}" https://acme.io\n`,
    ],
  ],
  [
    'reference',
    'parameter-store',
    (r) => [
      'serverless.yml',
      `provider:\n  environment:\n    DB_PASSWORD: \${ssm:/prod/orders/db-password~true}\n    API_KEY: !Ref ApiKeyParameter${r.int(1, 9)}\n    SECRET: '{{resolve:secretsmanager:orders-db:SecretString:password}}'\n    TOKEN: !GetAtt Table.StreamArn\n`,
    ],
  ],
  [
    'sample',
    'hardhat-account',
    () => [
      'hardhat.config.ts',
      `// the first account of every local node\nconst privateKey = '0x${'ac0974bec39a17e36ba4a6b4d238ff94'}${'4bacb478cbed5efcae784d7bf4f2ff80'}'\nexport default { networks: { local: { url: 'http://127.0.0.1:8545', accounts: [privateKey] } } }\n`,
    ],
  ],
  [
    'placeholder',
    'k8s-changeme',
    (r) => [
      'k8s/secret.example.yaml',
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: example\ndata:\n  password: ${base64(r.pick(['changeme', 'password', 'your-password-here']))}\n`,
    ],
  ],
  [
    'placeholder',
    'prefix-dummy',
    (r) => [
      'examples/.env.sample',
      `STRIPE_SECRET_KEY=${'sk_test_'}${r.pick(['your_key_here', 'XXXXXXXXXXXXXXXXXXXXXXXX', '123456789012345678901234'])}\nOPENAI_API_KEY=${'sk-'}your-openai-key\nGITHUB_TOKEN=${'ghp_'}${'0'.repeat(36)}\n`,
    ],
  ],
  [
    'code',
    'graphql-and-proto',
    (r) => [
      'api/auth.proto',
      `message LoginRequest {\n  string password = ${r.int(1, 9)};\n  string api_key = 12;\n  google.protobuf.StringValue refresh_token = 13;\n}\n// secret: see the vault, path orders/api\n`,
    ],
  ],
  [
    'hash',
    'webpack-manifest',
    (r) => [
      'public/manifest.json',
      `{\n  "token.js": "/static/token.${r.text(HEX, 20)}.js",\n  "password.css": "/static/password.${r.text(HEX, 20)}.css",\n  "secret-page": "chunk-${r.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 8)}.js"\n}\n`,
    ],
  ],
  [
    'identifier',
    'map-and-message-ids',
    (r) => [
      'data/events.csv',
      `message_id,key,token_count,session\n${r.text(AN, 22)},user/${r.text(DIGIT, 8)},${r.int(10, 900)},${r.text(HEX, 32)}\n${r.text(AN, 22)},user/${r.text(DIGIT, 8)},${r.int(10, 900)},${r.text(HEX, 32)}\n`,
    ],
  ],
]
