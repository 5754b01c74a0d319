// Development half, files that hold hardly anything but traps.
import type { Template } from '../build.ts'

const raw = String.raw

export const traps: readonly Template[] = [
  {
    path: 'package-lock.json',
    text: raw`
{
  "name": "shop", "lockfileVersion": 3,
  "packages": {
    "node_modules/keyv": { "version": "4.5.4", "integrity": "sha512-{{:hash=bytes64}}" },
    "node_modules/js-tokens": { "version": "4.0.0", "integrity": "sha512-{{:hash=bytes64}}" },
    "node_modules/generate-password": { "version": "1.7.1", "integrity": "sha1-{{:hash=bytes20}}" }
  }
}
`,
  },
  {
    path: 'Cargo.lock',
    text: raw`
[[package]]
name = "secrecy"
version = "0.8.0"
source = "registry+https://registry.example/index"
checksum = "{{:hash=hex64}}"

[[package]]
name = "token-bucket"
version = "0.1.2"
checksum = "{{:hash=hex64}}"
`,
  },
  {
    path: 'go.sum',
    text: raw`
github.com/99designs/keyring v1.2.2 h1:{{:hash=bytes32}}
github.com/99designs/keyring v1.2.2/go.mod h1:{{:hash=bytes32}}
github.com/golang-jwt/jwt/v5 v5.2.1 h1:{{:hash=bytes32}}
`,
  },
  {
    path: 'locales/de.json',
    text: raw`
{
  "password": "{{:text='Passwort}}",
  "passwordForgotten": "{{:text='Passwort-vergessen?}}",
  "apiKey.label": "{{:text='API-Schlüssel}}",
  "token": "{{:text='Zugriffstoken}}",
  "secretHint": "{{:text='Mindestens12Zeichen,eineZiffer}}"
}
`,
  },
  {
    path: 'styles/theme.css',
    text: raw`
@font-face { src: url(data:font/woff2;base64,{{:data=woff}}); }
.logo { background: url("data:image/png;base64,{{:data=png}}"); }
.password-field--invalid::after { content: "{{:text='Password}}"; color: #{{:data='a7f3d0}}; }
:root { --token-color-primary: {{:code='hsl(221,83%,53%)}}; --key-size: {{:code='calc(1.5rem+2px)}}; }
`,
  },
  {
    path: 'src/types/auth.d.ts',
    text: raw`
export interface Credentials {
  password: {{:code='string}}
  apiKey?: {{:code='string | undefined}}
  secret: {{:code='Readonly<Uint8Array>}}
  token: {{:code='AccessToken<'read' | 'write'>}}
}
export declare const SECRET_NAME: {{:code='unique symbol}}
export type PasswordRules = {{:code='Record<PasswordRuleName, PasswordRuleCheck>}}
`,
  },
  {
    path: 'test/crypto.test.ts',
    text: raw`
// RFC 4231 test case and neighbours
const cases = [
  { key: '{{:data='0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b}}', data: '{{:data='4869205468657265}}', mac: '{{:hash=hex64}}' },
]
it('rejects a bad password', () => {
  expect(login({ user: 'bob', password: '{{:placeholder='wrong-password}}' })).rejects.toThrow()
  expect(parse('{{:doc=jwtDoc}}').sub).toBe('1234567890')
  expect(hash('{{:placeholder='hunter2}}')).toBe('{{:hash=hex64}}')
})
`,
  },
  {
    path: 'dist/vendor.min.js',
    text: raw`
!function(e,t){"use strict";var n={key:"{{:code='ArrowDown}}",token:{{:code='t.token}},password:{{:code='e.password||null}}};t.secret=‹code='function(){return n.key}›;var r="{{:code='ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789}}";t.apiKey={{:code='void 0}};//# sourceMappingURL=data:application/json;base64,{{:data=bytes180}}
}(this,exports);
`,
  },
  {
    path: 'docs/authentication.md',
    text: raw`
# Authentication

Send your key as a bearer token:

    curl -H "Authorization: Bearer {{:placeholder='YOUR_ACCESS_TOKEN}}" https://api.acme.example/v1

or with basic auth: ´curl -u {{:placeholder='username:password}} ...´. Set ´api_key={{:placeholder='<API_KEY>}}´ in the file.
Tokens look like ´ghp_{{:placeholder='xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}}´. A sample token: {{:doc=jwtDoc}}

Example database: postgres://{{:placeholder='postgres:postgres}}@localhost:5432/postgres
`,
  },
  {
    path: 'migrations/0007_users.sql',
    text: raw`
CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT {{:code='gen_random_uuid()}},
  password_hash {{:code='varchar(255)}} NOT NULL,
  api_token {{:code='char(64)}}
);
INSERT INTO users VALUES ('{{:id=uuid}}', '{{!neutral=bcrypt}}', NULL);
INSERT INTO settings(name, value) VALUES ('password_min_length', '{{:code='12}}');
CREATE USER reporting WITH PASSWORD '{{!password=alnum16}}';
ALTER ROLE admin IDENTIFIED BY '{{!password=human}}';
`,
  },
  {
    path: 'sops/secrets.enc.yaml',
    text: raw`
db_password: ENC[AES256_GCM,data:{{:crypt=bytes18}},iv:{{:crypt=bytes32}},tag:{{:crypt=bytes16}},type:str]
sops:
  kms:
    - arn: arn:aws:kms:eu-west-1:123456789012:key/{{:id=uuid}}
      enc: {{:crypt=bytes96}}
  mac: ENC[AES256_GCM,data:{{:crypt=bytes60}},type:str]
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
spec:
  encryptedData:
    password: {{:crypt=bytes240}}
`,
  },
  {
    path: 'src/features.json',
    text: raw`
{
  "flags": {
    "enable_new_password_flow": {{:code='true}},
    "token_rotation_strategy": "{{:code='rolling-window-24h-by-tenant}}",
    "api_key_scope": "{{:code='read:users,write:orders}}"
  },
  "datasetKey": "{{:id='acme/events/2026/05/clicks}}",
  "primaryKey": "{{:id='order_item_id}}",
  "translationKey": "{{:text='checkout.payment.secret_question.label}}",
  "etag": "{{:hash=hex32}}",
  "cursor": "{{:id=bytes24}}",
  "sourceCommit": "{{:hash=hex40}}"
}
`,
  },
]
