import { AN, B64, HEX, type Random } from './random.ts'
import type { Trap } from './values.ts'

const sha = (r: Random, length = 64): string => r.text(HEX, length)
const provider = (r: Random): string => r.pick(['STRIPE', 'GITHUB', 'OPENAI', 'SENDGRID', 'TWILIO', 'DATADOG'])

export const developmentWords: readonly Trap[] = [
  [
    'placeholder',
    'angle-brackets',
    (r) => {
      const p = provider(r)
      return [
        '.env.example',
        `# copy to .env\n${p}_API_KEY=<your-${p.toLowerCase()}-key>\n${p}_SECRET=<secret>\nDB_PASSWORD=<password>\n`,
      ]
    },
  ],
  [
    'placeholder',
    'changeme',
    (r) => [
      'config/sample.yml',
      `database:\n  user: app\n  password: ${r.pick(['changeme', 'CHANGE_ME', 'change-me-please', 'replace_me'])}\n  secret_key: your-secret-key-here\n`,
    ],
  ],
  [
    'placeholder',
    'xxxx',
    (r) => [
      'README.md',
      `# Usage\n\n    export ${provider(r)}_TOKEN=${'x'.repeat(r.int(20, 40))}\n    export API_KEY=XXXX-XXXX-XXXX-XXXX\n`,
    ],
  ],
  [
    'placeholder',
    'prefix-with-x',
    (r) => [
      'docs/keys.md',
      `Keys of the live mode start with \`${r.pick(['sk_live_', 'ghp_', 'glpat-', 'xoxb-'])}${'x'.repeat(24)}\`; paste yours into the form.\n`,
    ],
  ],
  [
    'placeholder',
    'stars',
    (r) => [
      'logs/boot.log',
      `2025-02-0${r.int(1, 9)} INFO password=******** user=app\n2025-02-01 INFO api_key=sk_l****************${r.text(AN, 3)}\n2025-02-01 INFO token: [REDACTED]\n`,
    ],
  ],
  [
    'reference',
    'shell-variable',
    (r) => [
      'deploy.sh',
      `#!/bin/sh\ncurl -H "Authorization: Bearer \${${provider(r)}_TOKEN}" https://api.acme.io/deploy\nmysql -u root -p"$DB_PASSWORD" orders < seed.sql\ncurl -u "$USER:$PASS" https://acme.io\n`,
    ],
  ],
  [
    'reference',
    'process-env',
    (r) => [
      'src/env.ts',
      `export const apiKey = process.env.${provider(r)}_API_KEY ?? ''\nexport const password = process.env['DB_PASSWORD']!\nexport const secret: string = requireEnv('SESSION_SECRET_KEY')\n`,
    ],
  ],
  [
    'reference',
    'os-getenv',
    (r) => [
      'app/config.py',
      `import os\n\n${provider(r)}_SECRET = os.getenv("${provider(r)}_SECRET")\nPASSWORD = os.environ["DATABASE_PASSWORD"]\ntoken = settings.SERVICE_TOKEN_PRODUCTION\n`,
    ],
  ],
  [
    'reference',
    'actions-secrets',
    (r) => [
      '.github/workflows/ci.yml',
      `jobs:\n  test:\n    env:\n      ${provider(r)}_TOKEN: \${{ secrets.${provider(r)}_TOKEN }}\n      PASSWORD: \${{ secrets.DB_PASSWORD_2 }}\n    steps:\n      - run: make\n`,
    ],
  ],
  [
    'reference',
    'terraform',
    (r) => [
      'infra/db.tf',
      `resource "aws_db_instance" "x" {\n  password = var.database_master_password\n  username = var.user\n}\n\ndata "aws_secretsmanager_secret_version" "db" {\n  secret_id = "arn:aws:secretsmanager:eu-west-1:${r.int(1e11, 9e11)}:secret:prod/orders/db-${r.text(AN, 6)}"\n}\n`,
    ],
  ],
  [
    'reference',
    'secret-key-ref',
    (r) => [
      'k8s/api.yaml',
      `env:\n  - name: ${provider(r)}_TOKEN\n    valueFrom:\n      secretKeyRef:\n        name: orders-api-credentials\n        key: ${provider(r).toLowerCase()}-token\n  - name: PASSWORD_FILE\n    value: /run/secrets/orders_db_password\n`,
    ],
  ],
  [
    'reference',
    'vault-path',
    (r) => [
      'config/vault.hcl',
      `template {\n  contents = "{{ with secret \\"secret/data/orders/${r.pick(['db', 'api', 'mail'])}\\" }}{{ .Data.data.password }}{{ end }}"\n}\ntoken_path = "/var/run/secrets/vault/token"\n`,
    ],
  ],
  [
    'reference',
    'one-password',
    (r) => [
      '.env.tpl',
      `DB_PASSWORD=op://Production/orders-db/password\nAPI_TOKEN="op://vault-${r.int(1, 99)}/service account/credential"\n`,
    ],
  ],
  [
    'sample',
    'aws-documentation',
    () => [
      'docs/aws.md',
      `\`\`\`\naws_access_key_id = ${'AKIA'}${'IOSFODNN7EXAMPLE'}\naws_secret_access_key = ${'wJalrXUtnFEMI'}${'/K7MDENG/bPxRfiCYEXAMPLEKEY'}\n\`\`\`\n`,
    ],
  ],
  [
    'sample',
    'localhost-url',
    (r) => [
      'docker-compose.test.yml',
      `services:\n  test:\n    environment:\n      DATABASE_URL: postgres://postgres:postgres@${r.pick(['localhost', 'db', '127.0.0.1'])}:5432/test\n`,
    ],
  ],
  [
    'style',
    'css',
    (r) => [
      'src/login.css',
      `.password-input[type="password"] { color: #${sha(r, 6)}; }\n.token-badge--primary { background: #${sha(r, 8)}; }\n@font-face { src: url(data:font/woff2;base64,d09GMgABAAAAA${r.text(B64, 200)}) }\n`,
    ],
  ],
  [
    'interface text',
    'i18n-json',
    (r) => [
      'locales/de.json',
      `{\n  "password": "Passwort",\n  "password_confirm": "Passwort bestätigen",\n  "forgotPassword": "Passwort vergessen?",\n  "apiKey": "${r.pick(['API-Schlüssel', 'Zugangsschlüssel'])}",\n  "token.invalid": "Das Token ist ungültig oder abgelaufen."\n}\n`,
    ],
  ],
  [
    'interface text',
    'error-messages',
    (r) => [
      'src/errors.ts',
      `export const messages = {\n  password: 'Password must contain at least ${r.int(8, 14)} characters, one digit and one symbol',\n  apiKey: 'Please enter the API key of your account',\n  secret: "Couldn't read the secret from the keychain",\n}\n`,
    ],
  ],
  [
    'key name',
    'constants',
    (r) => [
      'src/storage.js',
      `export const TOKEN_KEY = 'acme.auth.token.v${r.int(1, 4)}'\nexport const PASSWORD_FIELD = 'user_password_confirmation'\nexport const API_KEY_HEADER = 'X-Acme-Api-Key'\nexport const SECRET_NAME = 'orders/production/database'\n`,
    ],
  ],
  [
    'key name',
    'enum',
    (r) => [
      'src/Auth.java',
      `public enum AuthType {\n    API_KEY("api_key"),\n    PASSWORD("password"),\n    BEARER_TOKEN("bearer_token_v${r.int(1, 3)}"),\n    CLIENT_SECRET("client_secret_basic");\n}\n`,
    ],
  ],
  [
    'key name',
    'oauth-token-types',
    (r) => [
      'src/oauth.go',
      `const (\n\tTokenTypeAccess  = "urn:ietf:params:oauth:token-type:access_token"\n\tTokenTypeRefresh = "urn:ietf:params:oauth:token-type:refresh_token"\n\tsecretMethod     = "client_secret_post"\n\tpasswordGrant    = "password"\n\tversion          = ${r.int(1, 9)}\n)\n`,
    ],
  ],
  [
    'code',
    'function-calls',
    (r) => [
      'src/secrets.ts',
      `const token = await getAccessTokenSilently()\nconst password = generatePassword({ length: ${r.int(16, 32)} })\nconst secret = crypto.randomBytes(32).toString('hex')\nconst apiKey = config.get('services.mail.apiKey')\n`,
    ],
  ],
  [
    'code',
    'type-annotations',
    (r) => [
      'src/types.ts',
      `export interface Credentials {\n  password: string\n  apiKey: ApiKeyCredential | undefined\n  token: Promise<AccessTokenResponse>\n  secret: Record<string, SecretVersion${r.int(1, 9)}>\n}\n`,
    ],
  ],
  [
    'code',
    'csrf-helper',
    (r) => [
      'app/views/form.html',
      `<form method="post">\n  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">\n  <input type="password" name="password" id="password-${r.int(1, 9)}" autocomplete="current-password">\n</form>\n`,
    ],
  ],
  [
    'code',
    'swift-keychain',
    (r) => [
      'Sources/Keychain.swift',
      `let password = keychain.string(forKey: .userPassword)\nlet tokenService = TokenService(version: ${r.int(1, 9)})\nguard let secret = SecItemCopyMatching(query as CFDictionary, &item) else { return }\n`,
    ],
  ],
  [
    'code',
    'kotlin-build-config',
    (r) => [
      'app/Api.kt',
      `val apiKey = BuildConfig.${provider(r)}_API_KEY\nval secret = context.getString(R.string.client_secret)\nval tokenProvider = TokenProvider.default()\n`,
    ],
  ],
  [
    'pattern',
    'token-regexes',
    (r) => [
      'src/scan.js',
      `module.exports = [\n  /ghp_[A-Za-z0-9]{36}/,\n  /sk_live_[0-9a-zA-Z]{24,}/,\n  /AKIA[0-9A-Z]{16}/,\n  /(?:password|secret)\\s*[:=]\\s*['"][^'"]{${r.int(6, 9)},}['"]/i,\n]\n`,
    ],
  ],
  [
    'pattern',
    'password-policy',
    (r) => [
      'config/policy.yml',
      `password_policy:\n  password_pattern: '^(?=.*[A-Z])(?=.*\\d)[A-Za-z\\d@$!%*?&]{${r.int(8, 16)},64}$'\n  password_history: 12\n  password_hash: argon2id\n`,
    ],
  ],
  [
    'address',
    'urls',
    (r) => [
      'docs/links.md',
      `- https://acme.io/reset-password?step=${r.int(1, 4)}\n- https://user@git.acme.io/platform/token-service.git\n- mailto:secret-santa@acme.io\n- https://docs.acme.io/api-keys/rotate-your-secret-key\n`,
    ],
  ],
  [
    'code',
    'dart-controllers',
    (r) => [
      'lib/login.dart',
      `final passwordController = TextEditingController();\nfinal tokenStream = StreamController<String>.broadcast();\nconst kPasswordMinLength = ${r.int(8, 12)};\nString? secret = prefs.getString('secret_storage_key');\n`,
    ],
  ],
]
