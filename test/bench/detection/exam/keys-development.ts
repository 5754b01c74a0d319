// General secrets of the development half: keys, and the shapes that secrets hide in.

import { AN, B64U, base64, HEX, jwt, privateKey } from './random.ts'
import { type Family, key, plain, strong, user } from './values.ts'

export const developmentKeys: readonly Family[] = [
  [
    'private-key',
    'pem-rsa',
    (r) => {
      const v = privateKey(r, 'RSA')
      return ['deploy/id_deploy', `${v}\n`, v]
    },
  ],
  [
    'private-key',
    'openssh',
    (r) => {
      const v = privateKey(r, 'OPENSSH')
      return ['ops/ssh/bastion_key', `${v}\n`, v]
    },
  ],
  [
    'private-key',
    'json-escaped',
    (r) => {
      const v = privateKey(r, 'PKCS8').replaceAll('\n', '\\n')
      const id = r.text(HEX, 40)
      return [
        'config/firebase-adminsdk.json',
        `{\n  "type": "service_account",\n  "project_id": "acme-orders",\n  "private_key_id": "${id}",\n  "private_key": "${v}\\n",\n  "client_email": "svc@acme-orders.iam.gserviceaccount.com"\n}\n`,
        v,
        id,
      ]
    },
  ],
  [
    'jwt',
    'js-constant',
    (r) => {
      const v = jwt(r, { sub: r.uuid(), role: 'admin', iat: 1741000000 })
      return [
        'src/admin-client.js',
        `import { client } from './client.js'\n\nconst token = '${v}'\n\nexport const admin = client({ token })\n`,
        v,
      ]
    },
  ],
  [
    'jwt',
    'supabase-service-role',
    (r) => {
      const v = jwt(r, {
        iss: 'supabase',
        ref: r.text('abcdefghijklm', 20),
        role: 'service_role',
        iat: 1700000000,
        exp: 2015576000,
      })
      return ['.env.local', `SUPABASE_URL=https://acme.supabase.co\nSUPABASE_SERVICE_ROLE_KEY=${v}\n`, v]
    },
  ],
  [
    'base64-wrapped',
    'k8s-secret-data',
    (r) => {
      const v = base64(strong(r))
      return [
        'k8s/secret.yaml',
        `apiVersion: v1\nkind: Secret\nmetadata:\n  name: orders\ntype: Opaque\ndata:\n  db-password: ${v}\n`,
        v,
      ]
    },
  ],
  [
    'base64-wrapped',
    'atob',
    (r) => {
      const v = base64(`sk_live_${r.text(AN, 24)}`)
      return [
        'src/pay.js',
        `import Stripe from 'stripe'\n\nconst secret = atob('${v}')\n\nexport const stripe = new Stripe(secret)\n`,
        v,
      ]
    },
  ],
  [
    'split',
    'js-concatenation',
    (r) => {
      const v = `ghp_${r.text(AN, 36)}`
      return [
        'tools/mirror.js',
        `const { Octokit } = require('octokit')\n\nconst token = '${v.slice(0, 14)}' + '${v.slice(14)}'\n\nmodule.exports = new Octokit({ auth: token })\n`,
        v,
      ]
    },
  ],
  [
    'split',
    'js-array-join',
    (r) => {
      const v = `xoxb-${r.int(1e11, 9e11)}-${r.int(1e12, 9e12)}-${r.text(AN, 24)}`
      const p = v.split('-')
      return [
        'bot/start.ts',
        `import { App } from '@slack/bolt'\n\nconst token = ['${p.join("', '")}'].join('-')\n\nnew App({ token }).start(3000)\n`,
        v,
      ]
    },
  ],
  [
    'multi-line',
    'value-on-next-line',
    (r) => {
      const v = key(r)
      return [
        'src/signer.ts',
        `import { createHmac } from 'node:crypto'\n\nconst signingSecret =\n  '${v}'\n\nexport const sign = (text: string) => createHmac('sha256', signingSecret).update(text).digest('hex')\n`,
        v,
      ]
    },
  ],
  [
    'generic-key',
    'flask-secret',
    (r) => {
      const v = r.text(HEX, 48)
      return [
        'app/__init__.py',
        `from flask import Flask\n\napp = Flask(__name__)\napp.secret_key = '${v}'\napp.config['JSON_SORT_KEYS'] = False\n`,
        v,
      ]
    },
  ],
  [
    'generic-key',
    'rails-secret-key-base',
    (r) => {
      const v = r.text(HEX, 128)
      return ['config/secrets.yml', `production:\n  secret_key_base: ${v}\n  log_level: info\n`, v]
    },
  ],
  [
    'generic-key',
    'express-session',
    (r) => {
      const v = key(r)
      return [
        'server/app.js',
        `const session = require('express-session')\n\napp.use(session({\n  secret: '${v}',\n  resave: false,\n  saveUninitialized: false,\n}))\n`,
        v,
      ]
    },
  ],
  [
    'generic-key',
    'unknown-provider',
    (r) => {
      const v = r.text(AN, 36)
      return [
        'lib/weather.rb',
        `class Weather\n  API_KEY = '${v}'.freeze\n\n  def today(city)\n    get("/v1/today?city=#{city}&key=#{API_KEY}")\n  end\nend\n`,
        v,
      ]
    },
  ],
  [
    'test-like',
    'integration-test',
    (r) => {
      const v = `SG.${r.text(B64U, 22)}.${r.text(B64U, 43)}`
      return [
        'test/integration/mail.test.js',
        `const { send } = require('../../src/mail')\n\ntest('delivers to the real inbox', async () => {\n  const answer = await send({ key: '${v}', to: 'qa@acme.io' })\n  expect(answer.status).toBe(202)\n})\n`,
        v,
      ]
    },
  ],
  [
    'config-file',
    'npmrc',
    (r) => {
      const v = r.uuid()
      return ['.npmrc', `registry=https://npm.acme.io/\n//npm.acme.io/:_authToken=${v}\nalways-auth=true\n`, v]
    },
  ],
  [
    'config-file',
    'netrc',
    (r) => {
      const v = plain(r)
      return ['home/.netrc', `machine git.acme.io\n  login ${user(r)}\n  password ${v}\n`, v]
    },
  ],
  [
    'config-file',
    'htpasswd',
    (r) => {
      const v = `$2y$10$${r.text(AN, 53)}`
      return ['nginx/.htpasswd', `${user(r)}:${v}\n`, v]
    },
  ],
]
