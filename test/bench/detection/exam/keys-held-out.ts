// General secrets of the held-out half: keys, and the shapes that secrets hide in.

import { AN, B64, B64U, base64, HEX, jwt, LOW, privateKey } from './random.ts'
import { type Family, host, key, plain, user } from './values.ts'

export const heldOutKeys: readonly Family[] = [
  [
    'private-key',
    'pem-ec',
    (r) => {
      const v = privateKey(r, 'EC')
      return ['certs/server.key', `${v}\n`, v]
    },
  ],
  [
    'private-key',
    'yaml-block',
    (r) => {
      const v = privateKey(r, 'ED25519').replaceAll('\n', '\n    ')
      return ['config/signing.yml', `signing:\n  algorithm: ed25519\n  key: |\n    ${v}\n  rotate: false\n`, v]
    },
  ],
  [
    'private-key',
    'pgp-block',
    (r) => {
      const v = privateKey(r, 'PGP')
      return ['release/signing.asc', `${v}\n`, v]
    },
  ],
  [
    'private-key',
    'putty',
    (r) => {
      const v = r.text(B64, 48)
      return [
        'ops/bastion.ppk',
        `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: bastion\nPublic-Lines: 2\nAAAAC3NzaC1lZDI1NTE5AAAAI${r.text(B64, 39)}\n${r.text(B64, 4)}\nPrivate-Lines: 1\n${v}\nPrivate-MAC: ${r.text(HEX, 64)}\n`,
        v,
      ]
    },
  ],
  [
    'jwt',
    'curl-cookie',
    (r) => {
      const v = jwt(r, { id: r.int(10, 999), email: 'ops@acme.io', iat: 1739000000, exp: 2054000000 })
      return [
        'scripts/warm.sh',
        `#!/bin/sh\nfor page in 1 2 3; do\n  curl -s "https://shop.acme.io/admin?page=$page" --cookie "session=${v}"\ndone\n`,
        v,
      ]
    },
  ],
  [
    'jwt',
    'dart-header',
    (r) => {
      const v = jwt(r, { sub: 'svc', scope: 'orders:write', iat: 1735000000 })
      return [
        'lib/api.dart',
        `final headers = {\n  'accept': 'application/json',\n  'authorization': 'Bearer ${v}',\n};\n\nFuture<void> ping() => http.get(base, headers: headers);\n`,
        v,
      ]
    },
  ],
  [
    'base64-wrapped',
    'dockerconfigjson',
    (r) => {
      const v = base64(`${user(r)}:${plain(r)}`)
      return [
        '.docker/config.json',
        `{\n  "auths": {\n    "registry.acme.io": {\n      "auth": "${v}"\n    }\n  }\n}\n`,
        v,
      ]
    },
  ],
  [
    'base64-wrapped',
    'python-b64decode',
    (r) => {
      const v = base64(`glpat-${r.text(B64U, 20)}`)
      return [
        'tools/mirror.py',
        `import base64\n\nTOKEN = base64.b64decode("${v}").decode()\n\n\ndef headers():\n    return {"PRIVATE-TOKEN": TOKEN}\n`,
        v,
      ]
    },
  ],
  [
    'split',
    'python-implicit-concatenation',
    (r) => {
      const v = `hf_${r.text('ABCDEFGHIJKLMNabcdefghijklmnopqrstuvwxyz', 34)}`
      return [
        'train.py',
        `from huggingface_hub import login\n\ntoken = (\n    "${v.slice(0, 16)}"\n    "${v.slice(16)}"\n)\nlogin(token=token)\n`,
        v,
      ]
    },
  ],
  [
    'split',
    'template-literal',
    (r) => {
      const v = `sk_live_${r.text(AN, 24)}`
      return [
        'src/billing.ts',
        `const prefix = 'sk_live_'\nconst stripe = new Stripe(\`\${prefix}${v.slice(8)}\`)\n\nexport const charge = (cents: number) => stripe.charges.create({ amount: cents })\n`,
        v,
      ]
    },
  ],
  [
    'multi-line',
    'yaml-folded',
    (r) => {
      const v = key(r)
      return ['deploy/values-prod.yaml', `app:\n  replicas: 2\n  apiSecret: >-\n    ${v}\n  logLevel: warn\n`, v]
    },
  ],
  [
    'generic-key',
    'django-secret-key',
    (r) => {
      const v = r.text(`${LOW}!@^*(-_=+)`, 50)
      return [
        'shop/settings/prod.py',
        `from .base import *\n\nSECRET_KEY = '${v}'\nDEBUG = False\nALLOWED_HOSTS = ['shop.acme.io']\n`,
        v,
      ]
    },
  ],
  [
    'generic-key',
    'laravel-app-key',
    (r) => {
      const v = `${r.text(B64, 43)}=`
      return ['.env.prod', `APP_NAME=Orders\nAPP_ENV=production\nAPP_KEY=base64:${v}\nAPP_DEBUG=false\n`, v]
    },
  ],
  [
    'generic-key',
    'jsonwebtoken-sign',
    (r) => {
      const v = key(r)
      return [
        'src/auth.js',
        `const jwt = require('jsonwebtoken')\n\nmodule.exports.issue = (user) => jwt.sign({ id: user.id }, '${v}', { expiresIn: '1h' })\n`,
        v,
      ]
    },
  ],
  [
    'generic-key',
    'url-query',
    (r) => {
      const v = r.text(HEX, 32)
      return [
        'src/weather.swift',
        `struct Weather {\n    func url(_ city: String) -> URL {\n        URL(string: "https://api.weather.acme.io/v1/now?q=\\(city)&apikey=${v}&units=metric")!\n    }\n}\n`,
        v,
      ]
    },
  ],
  [
    'test-like',
    'fixture-config',
    (r) => {
      const v = `dop_v1_${r.text(HEX, 64)}`
      return [
        'spec/support/live_account.rb',
        `RSpec.configure do |config|\n  config.before(:each, :live) do\n    Droplet.client = Client.new(token: '${v}')\n  end\nend\n`,
        v,
      ]
    },
  ],
  [
    'config-file',
    'pgpass',
    (r) => {
      const v = plain(r)
      return ['home/.pgpass', `${host(r)}:5432:orders:${user(r)}:${v}\n`, v]
    },
  ],
  [
    'config-file',
    'pypirc',
    (r) => {
      const v = plain(r)
      return [
        'home/.pypirc',
        `[distutils]\nindex-servers = internal\n\n[internal]\nrepository = https://pypi.acme.io/\nusername = ${user(r)}\npassword = ${v}\n`,
        v,
      ]
    },
  ],
  [
    'config-file',
    'shadow',
    (r) => {
      const v = `$6$${r.text(AN, 16)}$${r.text(`${AN}./`, 86)}`
      return ['rootfs/etc/shadow', `root:${v}:19800:0:99999:7:::\ndaemon:*:19800:0:99999:7:::\n`, v]
    },
  ],
]
