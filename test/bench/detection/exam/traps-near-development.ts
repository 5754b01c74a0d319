// Traps of the development half: near misses, with a telling name, operator or prefix and still no secret.

import { AN, B64, B64U, HEX } from './random.ts'
import type { Trap } from './values.ts'

const header = (label: string): string => `-----BEGIN ${label}-----`

export const developmentNear: readonly Trap[] = [
  [
    'pagination',
    'next-token',
    (r) => [
      'test/fixtures/list.json',
      `{\n  "items": [],\n  "nextToken": "${r.text(B64, 44)}",\n  "next_page_token": "${r.text(B64U, 32)}",\n  "syncToken": "${r.text(B64U, 20)}="\n}\n`,
    ],
  ],
  [
    'pagination',
    'idempotency-key',
    (r) => [
      'src/pay.ts',
      `await charge(order, { idempotencyKey: '${r.uuid()}' })\nconst cacheKey = 'orders:${r.text(HEX, 32)}'\nconst partitionKey = '${r.text(HEX, 24)}'\n`,
    ],
  ],
  [
    'public',
    'vapid-public-key',
    (r) => [
      'web/push.js',
      `const publicKey = 'B${r.text(B64U, 86)}'\nconst serverPublicKey = '${r.text(B64, 43)}='\nsubscribe({ applicationServerKey: publicKey })\n`,
    ],
  ],
  [
    'reference',
    'header-templates',
    (r) => [
      'src/http.js',
      `const headers = {\n  Authorization: \`Bearer \${token}\`,\n  'WWW-Authenticate': 'Basic realm="Restricted area ${r.int(1, 9)}"',\n  'X-Api-Key': config.apiKey,\n}\n// Authorization: Bearer <access_token>\n`,
    ],
  ],
  [
    'reference',
    'url-variables',
    (r) => [
      'ci/push.sh',
      `git push "https://x-access-token:\${GH_TOKEN}@github.com/acme/orders.git" HEAD:main\ncurl "https://oauth2:{{token}}@git.acme.io/v${r.int(1, 4)}"\necho 'mongodb+srv://admin:<password>@cluster0.mongodb.net'\n`,
    ],
  ],
  [
    'reference',
    'password-stdin',
    (r) => [
      'ci/login.sh',
      `cat ~/pw | docker login --username ci --password-stdin registry.acme.io\nmysql --password="$(cat /run/secrets/db_${r.int(1, 9)})" orders\nvault login -method=oidc token_type=service\n`,
    ],
  ],
  [
    'code',
    'pem-checks',
    (r) => [
      'src/pem.ts',
      `if (!text.startsWith('${header('RSA PRIVATE KEY')}')) throw new Error('not a key')\nconst head = '${header('PRIVATE KEY')}\\n'\nexport const width = ${r.int(60, 76)}\n`,
    ],
  ],
  [
    'placeholder',
    'pem-dots',
    (r) => [
      'docs/signing.md',
      `Put the key (version ${r.int(1, 9)}) here:\n\n${header('RSA PRIVATE KEY')}\n...\n${header('RSA PRIVATE KEY').replace('BEGIN', 'END')}\n`,
    ],
  ],
  [
    'sample',
    'azurite',
    () => [
      'docker-compose.dev.yml',
      `services:\n  api:\n    environment:\n      STORAGE: "AccountName=devstoreaccount1;AccountKey=${'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6'}${'IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='}"\n`,
    ],
  ],
  [
    'code',
    'validation-rules',
    (r) => [
      'app/Http/Login.php',
      `return [\n    'password' => ['required', 'string', 'min:${r.int(8, 12)}', 'confirmed'],\n    'token' => 'required|alpha_num|size:40',\n    'secret' => Rule::exists('oauth_clients', 'secret'),\n];\n`,
    ],
  ],
  [
    'identifier',
    'solidity-roles',
    (r) => [
      'contracts/Roles.sol',
      `bytes32 public constant MINTER_KEY = 0x${r.text(HEX, 64)};\nbytes32 constant TOKEN_TYPEHASH = 0x${r.text(HEX, 64)};\naddress constant tokenOwner = 0x${r.text(HEX, 40)};\n`,
    ],
  ],
  [
    'hash',
    'http-cassette',
    (r) => [
      'test/cassettes/list.yml',
      `http_interactions:\n- response:\n    headers:\n      X-Request-Id: ["${r.uuid()}"]\n      X-Amz-Id-2: ["${r.text(B64, 75)}="]\n      Etag: ['"${r.text(HEX, 32)}"']\n      X-Cache-Key: ["${r.text(AN, 22)}"]\n`,
    ],
  ],
]
