// Held-out half, files that hold hardly anything but traps. Never look at single results: counts by kind only.
import type { Template } from '../build.ts'

const raw = String.raw

export const traps: readonly Template[] = [
  {
    path: 'pnpm-lock.yaml',
    text: raw`
lockfileVersion: '9.0'
packages:
  jsonwebtoken@9.0.2:
    resolution: {integrity: sha512-{{:hash=bytes64}}}
  password-prompt@1.1.3:
    resolution: {integrity: sha512-{{:hash=bytes64}}}
  tokenizr@1.7.0:
    resolution: {tarball: https://packages.acme.example/t.tgz, integrity: sha512-{{:hash=bytes64}}}
`,
  },
  {
    path: 'poetry.lock',
    text: raw`
[[package]]
name = "pyjwt"
files = [
    {file = "PyJWT-2.8.0-py3-none-any.whl", hash = "sha256:{{:hash=hex64}}"},
    {file = "PyJWT-2.8.0.tar.gz", hash = "sha256:{{:hash=hex64}}"},
]

[metadata]
content-hash = "{{:hash=hex64}}"
`,
  },
  {
    path: 'i18n/messages_fr.properties',
    text: raw`
login.password={{:text='Mot\u0020de\u0020passe}}
login.password.forgot={{:text='Mot-de-passe-oublié?}}
token.expired={{:text='Votre-jeton-a-expiré}}
api_key.help={{:text='Collez-votre-clé-ici}}
secret.question={{:text='Quel-est-votre-animal-préféré?}}
`,
  },
  {
    path: 'public/index.html',
    text: raw`
<link rel="stylesheet" href="/a.css" integrity="sha384-{{:hash=bytes48}}" crossorigin="anonymous">
<meta name="google-site-verification" content="{{:public=url43}}">
<meta name="csrf-token" content="{{ {{:reference='csrf_token()}} }}">
<script nonce="{{ {{:reference='cspNonce}} }}">window.__CONFIG__ = { token: null, apiKey: {{:reference='"__API_KEY__"}} }</script>
<img src="data:image/png;base64,{{:data=png}}">
<input type="password" name="password" pattern="‹code='(?=.*\d)(?=.*[a-z]).{8,}›">
`,
  },
  {
    path: 'src/graphql/schema.graphql',
    text: raw`
type Mutation {
  login(email: String!, password: {{:code='String!}}): AuthPayload
  rotateApiKey(id: ID!, secret: {{:code='ClientSecretInput!}}): ApiKey
}
input TokenFilter { token: {{:code='StringFilterInput}}, key: {{:code='[ID!]}} }
`,
  },
  {
    path: 'openapi.yaml',
    text: raw`
components:
  securitySchemes:
    apiKey: { type: apiKey, in: header, name: {{:code='X-Acme-Api-Key}} }
  schemas:
    Login:
      properties:
        password: { type: string, format: password, example: {{:placeholder='"myPassword123"}} }
        token: { type: string, example: {{:doc=jwtDoc}} }
        accessKey: { type: string, example: {{:doc=awsDoc}} }
        client_secret: { type: string, default: {{:placeholder='your-client-secret}} }
        id: { type: string, example: {{:id=uuid}} }
`,
  },
  {
    path: 'test/vectors.py',
    text: raw`
# NIST SP 800-38A, F.2.1 and our own digests
KEY = bytes.fromhex("{{:data='2b7e151628aed2a6abf7158809cf4f3c}}")
IV = "{{:data='000102030405060708090a0b0c0d0e0f}}"
EXPECTED = "{{:hash=hex64}}"
PASSWORD = "{{:placeholder='password}}"
USERS = [{"name": "alice", "password": "{{:placeholder='test1234}}"}, {"token": "{{:placeholder='dummy_token_value}}"}]
ETAG = '"{{:hash=hex32}}"'
`,
  },
  {
    path: 'static/app.bundle.js',
    text: raw`
(self.webpackChunk=self.webpackChunk||[]).push([[792],{4184:(e,t)=>{t.passwordInput={{:code='"Login_passwordInput__2xKq9"}};t.token={{:code='e=>e.auth.accessToken}};t.key={{:code='"Shift+Meta+ArrowRight"}}},9921:e=>{e.exports={hash:"{{:hash=hex20}}",secretKey:{{:code='this.props.secretKey}}}}}]);
`,
  },
  {
    path: 'docs/setup.rst',
    text: raw`
Setup
=====

Export the variables::

    export AWS_SECRET_ACCESS_KEY={{:doc=awsDocSecret}}
    export API_KEY={{:placeholder='"paste-your-key"}}
    mysql -u root -p{{:placeholder='<password>}}

A URL reads ´´https://{{:placeholder='user:pass}}@host.example/path´´; keys start with ´´sk_live_{{:placeholder='...}}´´.
The digest of release 4.2 is {{:hash=hex64}}.
`,
  },
  {
    path: 'db/seeds.sql',
    text: raw`
INSERT INTO api_keys (id, key_hash, prefix) VALUES ('{{:id=uuid}}', '{{:hash=hex64}}', '{{:id='ak_live}}');
INSERT INTO users (email, encrypted_password) VALUES ('a@acme.example', '{{!neutral=bcrypt}}');
UPDATE config SET value = '{{:code='password,token,secret,api_key}}' WHERE name = 'log.redact';
GRANT SELECT ON *.* TO 'bi'@'%' IDENTIFIED BY '{{!password=strong}}';
CREATE LOGIN svc WITH PASSWORD = '{{!password=human}}';
SELECT dblink_connect('host=replica user=repl password={{!connection=alnum16}} dbname=app');
`,
  },
  {
    path: 'k8s/external.yaml',
    text: raw`
apiVersion: external-secrets.io/v1
kind: ExternalSecret
spec:
  target: { name: app-secret }
  data:
    - secretKey: password
      remoteRef: { key: {{:reference='prod/app/database}}, property: {{:reference='password}} }
---
kind: ConfigMap
data:
  TOKEN_ISSUER: {{:code='https://id.acme.example/realms/main}}
  PASSWORD_POLICY: {{:code='length(12)-and-notUsername}}
  PUBLIC_KEY: {{:public=pemPublic@b64}}
  CHECKSUM: {{:hash=hex64}}
`,
  },
  {
    path: 'src/redux/actions.ts',
    text: raw`
export const SET_PASSWORD = '{{:code='auth/SET_PASSWORD_REQUEST}}'
export const TOKEN_STORAGE_KEY = '{{:code='acme.auth.token.v2}}'
export const secretQuestions = ['{{:text='First-pet-name?}}', '{{:text='Mother-maiden-name?}}']
const apiKey = {{:reference='config.get<string>('apiKey')}}
const password = ‹code='generatePassword({ length: 24, symbols: true })›
const idempotencyKey = '{{:id=uuid}}'
const s3Key = '{{:id='uploads/2026/05/17/invoice-000184.pdf}}'
const base32 = '{{:code='ABCDEFGHIJKLMNOPQRSTUVWXYZ234567}}'
`,
  },
]
