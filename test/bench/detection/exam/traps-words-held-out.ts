import { DIGIT, HEX, type Random } from './random.ts'
import type { Trap } from './values.ts'

const sha = (r: Random, length = 64): string => r.text(HEX, length)
const service = (r: Random): string => r.pick(['mailgun', 'stripe', 'slack', 'anthropic', 'sentry', 'algolia'])

export const heldOutWords: readonly Trap[] = [
  [
    'placeholder',
    'your-here',
    (r) => {
      const s = service(r)
      return [
        'src/config.sample.php',
        `<?php\nreturn [\n    '${s}_key' => 'YOUR_${s.toUpperCase()}_KEY_HERE',\n    'password' => 'your_password',\n    'secret' => 'insert-secret-here',\n];\n`,
      ]
    },
  ],
  [
    'placeholder',
    'ellipsis',
    (r) => [
      'docs/quickstart.md',
      `\`\`\`js\nconst client = new Client({ apiKey: '${r.pick(['sk-...', 'sk-ant-...', 'ghp_...', 'AIza...'])}' })\nclient.login({ password: '...' })\n\`\`\`\n`,
    ],
  ],
  [
    'placeholder',
    'dummy-sequence',
    (r) => [
      'examples/app.rb',
      `client = Client.new(\n  token: 'dummy-token-for-docs',\n  secret: '${r.pick(['1234567890abcdef', '0123456789abcdef0123456789abcdef', 'abcdefghijklmnopqrstuvwxyz', 'deadbeefdeadbeefdeadbeefdeadbeef'])}'\n)\n`,
    ],
  ],
  [
    'placeholder',
    'todo',
    (r) => [
      'appsettings.Template.json',
      `{\n  "ApiKey": "TODO: set in the portal",\n  "Password": "#{Orders.Password}#",\n  "ClientSecret": "__CLIENT_SECRET_${r.int(1, 9)}__",\n  "Token": "{{TOKEN}}"\n}\n`,
    ],
  ],
  [
    'placeholder',
    'empty-and-null',
    (r) => [
      'config/defaults.toml',
      `password = ""\napi_key = "none"\nsecret = "null"\ntoken = "disabled"\nretry = ${r.int(1, 9)}\n`,
    ],
  ],
  [
    'reference',
    'compose-interpolation',
    (r) => [
      'compose.yaml',
      `services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: \${DB_PASSWORD:?set it in .env}\n      API_TOKEN: \${${service(r).toUpperCase()}_TOKEN}\n    secrets:\n      - db_password\n`,
    ],
  ],
  [
    'reference',
    'spring-placeholder',
    (r) => [
      'src/main/resources/application.yml',
      `spring:\n  datasource:\n    password: \${DATASOURCE_PASSWORD}\n${service(r)}:\n  api-key: \${API_KEY:}\n  secret: '{cipher}\${ENCRYPTED}'\n`,
    ],
  ],
  [
    'reference',
    'dotnet-configuration',
    (r) => [
      'Program.cs',
      `var apiKey = builder.Configuration["Services:${service(r)}:ApiKey"];\nvar password = Environment.GetEnvironmentVariable("DB_PASSWORD");\nvar secret = await client.GetSecretAsync("orders-database-password");\n`,
    ],
  ],
  [
    'reference',
    'ruby-credentials',
    (r) => [
      'config/storage.rb',
      `access_key = Rails.application.credentials.dig(:aws, :access_key_id)\npassword = ENV.fetch('DATABASE_PASSWORD') { nil }\ntoken = ENV["${service(r).toUpperCase()}_TOKEN"]\n`,
    ],
  ],
  [
    'reference',
    'rust-env',
    (r) => [
      'src/main.rs',
      `let token = std::env::var("${service(r).toUpperCase()}_TOKEN").expect("token missing");\nlet password = Secret::new(args.password);\nlet api_key: &str = env!("API_KEY_AT_BUILD");\n`,
    ],
  ],
  [
    'reference',
    'helm-template',
    (r) => [
      'charts/api/templates/secret.yaml',
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ include "api.fullname" . }}-${service(r)}\ndata:\n  password: {{ .Values.db.password | b64enc | quote }}\nstringData:\n  token: {{ required "token is needed" .Values.token }}\n`,
    ],
  ],
  [
    'reference',
    'gcp-secret-path',
    (r) => [
      'cloudbuild.yaml',
      `availableSecrets:\n  secretManager:\n    - versionName: projects/${r.text(DIGIT, 12)}/secrets/orders-db-password/versions/latest\n      env: DB_PASSWORD\nsteps:\n  - name: gcr.io/cloud-builders/docker\n    secretEnv: [DB_PASSWORD]\n`,
    ],
  ],
  [
    'reference',
    'azure-keyvault',
    (r) => [
      'infra/app.bicep',
      `param adminPassword string\nvar secretUri = 'https://acme-prod.vault.azure.net/secrets/db-password/${sha(r, 32)}'\nvar setting = '@Microsoft.KeyVault(VaultName=acme-prod;SecretName=db-password)'\n`,
    ],
  ],
  [
    'reference',
    'powershell-credential',
    (r) => [
      'ops/run.ps1',
      `$password = Read-Host -AsSecureString "Password"\n$token = (az account get-access-token | ConvertFrom-Json).accessToken\n$apiKey = $env:${service(r).toUpperCase()}_API_KEY\n$secret = Get-Content -Raw $SecretPath\n`,
    ],
  ],
  [
    'sample',
    'jwt-home-page',
    (r) => [
      'docs/tokens.md',
      `A token looks like this (try it on the home page of the standard, example ${r.int(1, 9)}):\n\n    ${'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9'}.${'eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ'}.${'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c'}\n`,
    ],
  ],
  [
    'sample',
    'example-host-url',
    (r) => [
      'docs/proxy.md',
      `Set the proxy like \`http://user:password@proxy.example.com:${r.int(3000, 9000)}\` or \`https://username:pass@example.org/path\`.\n`,
    ],
  ],
  [
    'sample',
    'aws-second-example',
    () => [
      'test/s3.test.py',
      `def test_signature():\n    signer = Signer("${'AKIAI44QH8'}${'DHBEXAMPLE'}", "${'je7MtGbClwBF/2Zp9Utk'}${'/h3yCo8nvbEXAMPLEKEY'}")\n    assert signer.region == "us-east-1"\n`,
    ],
  ],
  [
    'style',
    'tailwind-classes',
    (r) => [
      'src/Login.vue',
      `<template>\n  <input v-model="password" type="password" class="w-full rounded-md border-gray-${r.int(1, 9)}00 px-3 py-2" placeholder="Enter your password" />\n  <p class="password-strength-meter__label--weak">{{ $t('password.weak') }}</p>\n</template>\n`,
    ],
  ],
  [
    'interface text',
    'android-strings',
    (r) => [
      'app/src/main/res/values/strings.xml',
      `<resources>\n    <string name="password">Password</string>\n    <string name="password_hint">At least ${r.int(8, 12)} characters</string>\n    <string name="token_expired">Your session has expired, please sign in again</string>\n    <string name="api_key_label">API-Key</string>\n</resources>\n`,
    ],
  ],
  [
    'interface text',
    'gettext',
    (r) => [
      'locale/fr/django.po',
      `msgid "Password"\nmsgstr "Mot de passe"\n\n#: views.py:${r.int(1, 300)}\nmsgid "Secret key:"\nmsgstr "Clé secrète :"\n`,
    ],
  ],
  [
    'interface text',
    'cli-help',
    (r) => [
      'cmd/flags.go',
      `flag.String("password", "", "password of the database user")\nflag.String("api-key", "", "API key, read from ACME_KEY if empty")\nflag.Int("token-ttl", ${r.int(10, 900)}, "lifetime of a token in seconds")\n`,
    ],
  ],
  [
    'key name',
    'redux-actions',
    (r) => [
      'src/actions.ts',
      `export const RESET_PASSWORD = 'auth/RESET_PASSWORD_REQUEST'\nexport const SET_TOKEN = 'auth/setAccessToken'\nexport const SECRET_QUERY_KEY = ['secrets', 'list', ${r.int(1, 9)}]\n`,
    ],
  ],
  [
    'key name',
    'jpa-columns',
    (r) => [
      'src/User.java',
      `@Column(name = "password_hash", length = ${r.int(60, 120)})\nprivate String password;\n@JsonProperty("refresh_token")\nprivate String refreshToken;\nstatic final String PASSWORD_ENCODER = "passwordEncoderBean";\n`,
    ],
  ],
  [
    'key name',
    'elixir-atoms',
    (r) => [
      'lib/user.ex',
      `field :password, :string, virtual: true, redact: true\nfield :token, Ecto.UUID\n@secret_salt_key :live_view_signing_salt_${r.int(1, 9)}\ncast(user, attrs, [:password, :password_confirmation])\n`,
    ],
  ],
  [
    'key name',
    'openapi-schema',
    (r) => [
      'openapi.yaml',
      `components:\n  securitySchemes:\n    apiKey:\n      type: apiKey\n      name: X-Api-Key\n      in: header\n  schemas:\n    Login:\n      properties:\n        password:\n          type: string\n          format: password\n          minLength: ${r.int(8, 12)}\n`,
    ],
  ],
  [
    'code',
    'go-returns',
    (r) => [
      'auth.go',
      `token, err := provider.Token(ctx)\npassword := strings.TrimSpace(string(raw))\nsecret := mustLoad(secretName, ${r.int(1, 9)})\napiKey := r.Header.Get("X-Api-Key")\nif token == "" {\n\treturn ErrTokenMissing\n}\n`,
    ],
  ],
  [
    'code',
    'csharp-comparisons',
    (r) => [
      'Token.cs',
      `if (tokenType == "RefreshTokenGrant") return;\nvar password = passwordBox.Password.Trim();\npublic string SecretKey { get; init; } = string.Empty;\nprivate readonly ITokenProvider _token${r.int(1, 9)} = services.GetRequiredService<ITokenProvider>();\n`,
    ],
  ],
  [
    'code',
    'scala-implicits',
    (r) => [
      'Auth.scala',
      `implicit val tokenDecoder: Decoder[AccessToken] = deriveDecoder[AccessToken]\nval secretKey = new SecretKeySpec(bytes, "HmacSHA${r.pick(['256', '512'])}")\nval password = config.getString("db.password")\n`,
    ],
  ],
  [
    'code',
    'lexer-tokens',
    (r) => [
      'parser.py',
      `TOKEN_IDENTIFIER = 'IDENTIFIER'\nTOKEN_LEFT_PAREN = 'LEFT_PARENTHESIS'\nnext_token = self.tokens[self.position + ${r.int(1, 4)}]\ntoken = Token(TokenType.STRING, "hello_world_literal")\n`,
    ],
  ],
  [
    'code',
    'tokenizer-names',
    (r) => [
      'train.py',
      `tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")\npad_token = "<|endoftext|>"\nmax_tokens = ${r.int(256, 4096)}\neos_token = tokenizer.eos_token\nkey = f"model.layers.{i}.attn.weight"\n`,
    ],
  ],
  [
    'pattern',
    'redaction-rules',
    (r) => [
      'redact.toml',
      `[[rule]]\nid = "acme-token-${r.int(1, 9)}"\nregex = '''acme_[a-f0-9]{40}'''\nkeywords = ["acme_"]\n\n[[rule]]\nregex = '''-----BEGIN [A-Z ]*PRIVATE KEY-----'''\n`,
    ],
  ],
  [
    'pattern',
    'sed-mask',
    (r) => [
      'mask.sh',
      `#!/bin/sh\nsed -E 's/(password|token)=[^&]+/\\1=***/g' "$1"\ngrep -nE 'xox[bp]-[0-9]{10,${r.int(12, 15)}}' "$1" && exit 1\ncase "$key" in -----BEGIN*) echo key ;; esac\n`,
    ],
  ],
  [
    'address',
    'contract-addresses',
    (r) => [
      'src/chain.ts',
      `export const TOKEN_ADDRESS = '0x${r.text(HEX, 40)}'\nexport const USDC_TOKEN = '0x${r.text(HEX, 40)}'\nexport const txHash = '0x${sha(r)}'\n`,
    ],
  ],
]
