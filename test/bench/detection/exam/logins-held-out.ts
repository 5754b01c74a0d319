// General secrets of the held-out half: passwords, connection strings, headers, command lines and comments.

import { AN, B64, B64U, base64 } from './random.ts'
import { type Family, host, key, plain, strong, user, weak } from './values.ts'

export const heldOutLogins: readonly Family[] = [
  [
    'password-weak',
    'csharp-property',
    (r) => {
      const v = weak(r)
      return [
        'Mail/Sender.cs',
        `var smtp = new SmtpClient("${host(r, 'mail')}", 587)\n{\n    EnableSsl = true,\n    Credentials = new NetworkCredential("${user(r)}", "${v}"),\n};\nawait smtp.SendMailAsync(message);\n`,
        v,
      ]
    },
  ],
  [
    'password-weak',
    'yaml-nested',
    (r) => {
      const v = weak(r)
      return [
        'config/prod.yaml',
        `mail:\n  host: ${host(r, 'mail')}\n  port: 587\n  user: ${user(r)}\n  pass: ${v}\nlog: info\n`,
        v,
      ]
    },
  ],
  [
    'password-weak',
    'js-knex',
    (r) => {
      const v = weak(r)
      return [
        'knexfile.js',
        `module.exports = {\n  production: {\n    client: 'mysql2',\n    connection: { host: '${host(r)}', user: '${user(r)}', password: '${v}', database: 'orders' },\n    pool: { min: 2, max: 10 },\n  },\n}\n`,
        v,
      ]
    },
  ],
  [
    'password-weak',
    'sql-create-user',
    (r) => {
      const v = weak(r)
      return [
        'db/grants.sql',
        `CREATE DATABASE reports;\nCREATE USER '${user(r)}'@'10.%' IDENTIFIED BY '${v}';\nGRANT SELECT ON reports.* TO '${user(r)}'@'10.%';\n`,
        v,
      ]
    },
  ],
  [
    'password-weak',
    'gradle-keystore',
    (r) => {
      const v = weak(r)
      return [
        'app/build.gradle',
        `android {\n    signingConfigs {\n        release {\n            storeFile file('release.jks')\n            keyAlias 'upload'\n            storePassword '${v}'\n        }\n    }\n}\n`,
        v,
      ]
    },
  ],
  [
    'password-strong',
    'maven-settings',
    (r) => {
      const v = strong(r)
      return [
        'ci/settings.xml',
        `<settings>\n  <servers>\n    <server>\n      <id>releases</id>\n      <username>${user(r)}</username>\n      <password>${v}</password>\n    </server>\n  </servers>\n</settings>\n`,
        v,
      ]
    },
  ],
  [
    'password-strong',
    'ansible-become',
    (r) => {
      const v = strong(r)
      return [
        'inventory/hosts.ini',
        `[web]\nweb1 ansible_host=10.0.4.11 ansible_user=${user(r)} ansible_ssh_pass=${v}\nweb2 ansible_host=10.0.4.12\n`,
        v,
      ]
    },
  ],
  [
    'password-strong',
    'go-struct',
    (r) => {
      const v = strong(r)
      return [
        'internal/ldap/bind.go',
        `package ldap\n\nfunc Default() Options {\n\treturn Options{\n\t\tURL:          "ldaps://${host(r, 'ldap')}",\n\t\tBindDN:       "cn=${user(r)},dc=acme,dc=io",\n\t\tBindPassword: "${v}",\n\t}\n}\n`,
        v,
      ]
    },
  ],
  [
    'password-strong',
    'powershell-securestring',
    (r) => {
      const v = strong(r)
      return [
        'ops/Join.ps1',
        `$user = "ACME\\${user(r)}"\n$pass = ConvertTo-SecureString "${v}" -AsPlainText -Force\n$cred = New-Object System.Management.Automation.PSCredential($user, $pass)\nAdd-Computer -DomainName corp.acme.io -Credential $cred\n`,
        v,
      ]
    },
  ],
  [
    'connection-string',
    'redis-url',
    (r) => {
      const v = plain(r)
      return [
        'config/cable.yml',
        `production:\n  adapter: redis\n  url: rediss://:${v}@${host(r, 'redis')}:6380/1\n  channel_prefix: shop\n`,
        v,
      ]
    },
  ],
  [
    'connection-string',
    'amqp-kotlin',
    (r) => {
      const v = plain(r)
      return [
        'src/Queue.kt',
        `class Queue {\n    private val factory = ConnectionFactory().apply {\n        setUri("amqps://${user(r)}:${v}@${host(r, 'mq')}/orders")\n        isAutomaticRecoveryEnabled = true\n    }\n}\n`,
        v,
      ]
    },
  ],
  [
    'connection-string',
    'jdbc-parameters',
    (r) => {
      const v = plain(r)
      return [
        'etl/job.conf',
        `source {\n  driver = "org.postgresql.Driver"\n  url = "jdbc:postgresql://${host(r)}:5432/dwh?user=${user(r)}&password=${v}&ssl=true"\n  batch = 500\n}\n`,
        v,
      ]
    },
  ],
  [
    'connection-string',
    'service-bus',
    (r) => {
      const v = `${r.text(B64, 43)}=`
      return [
        'Bus/Startup.cs',
        `services.AddAzureClients(builder =>\n{\n    builder.AddServiceBusClient("Endpoint=sb://acme-orders.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=${v}");\n});\n`,
        v,
      ]
    },
  ],
  [
    'basic-auth',
    'nginx-proxy-header',
    (r) => {
      const v = base64(`${user(r)}:${strong(r)}`)
      return [
        'nginx/site.conf',
        `server {\n  listen 443 ssl;\n  location /search/ {\n    proxy_set_header Authorization "Basic ${v}";\n    proxy_pass http://elastic:9200/;\n  }\n}\n`,
        v,
      ]
    },
  ],
  [
    'basic-auth',
    'python-auth-tuple',
    (r) => {
      const v = plain(r)
      return [
        'jobs/sync.py',
        `import requests\n\n\ndef pull():\n    return requests.get("https://erp.acme.io/orders", auth=("${user(r)}", "${v}"), timeout=20).json()\n`,
        v,
      ]
    },
  ],
  [
    'basic-auth',
    'pip-index',
    (r) => {
      const v = plain(r)
      return [
        'requirements.txt',
        `--extra-index-url https://${user(r)}:${v}@pypi.acme.io/simple\nrequests==2.32.3\norders-sdk==1.4.0\n`,
        v,
      ]
    },
  ],
  [
    'bearer',
    'postman-collection',
    (r) => {
      const v = r.text(AN, 44)
      return [
        'docs/orders.postman_collection.json',
        `{\n  "info": { "name": "orders" },\n  "auth": {\n    "type": "bearer",\n    "bearer": [{ "key": "token", "value": "${v}", "type": "string" }]\n  },\n  "item": []\n}\n`,
        v,
      ]
    },
  ],
  [
    'bearer',
    'go-header-set',
    (r) => {
      const v = r.text(B64U, 43)
      return [
        'cmd/push/push.go',
        `package main\n\nfunc push(req *http.Request) {\n\treq.Header.Set("Accept", "application/json")\n\treq.Header.Set("X-Api-Key", "${v}")\n}\n`,
        v,
      ]
    },
  ],
  [
    'comment',
    'todo-remove',
    (r) => {
      const v = key(r)
      return [
        'src/Client.php',
        `<?php\n\nclass Client\n{\n    // TODO remove before release! api key of the live account: ${v}\n    public function __construct(private string $key) {}\n}\n`,
        v,
      ]
    },
  ],
  [
    'comment',
    'yaml-comment',
    (r) => {
      const v = plain(r)
      return [
        'inventory/group_vars/db.yml',
        `---\n# db_password: ${v}\ndb_password: "{{ lookup('env', 'DB_PASSWORD') }}"\ndb_port: 5432\n`,
        v,
      ]
    },
  ],
  [
    'command-line',
    'pgpassword',
    (r) => {
      const v = plain(r)
      return [
        'Makefile',
        `.PHONY: dump\n\ndump:\n\tPGPASSWORD=${v} pg_dump -h ${host(r)} -U ${user(r)} orders > dump.sql\n\tgzip dump.sql\n`,
        v,
      ]
    },
  ],
  [
    'command-line',
    'sshpass',
    (r) => {
      const v = strong(r)
      return [
        'deploy/copy.sh',
        `#!/bin/sh\nset -e\nsshpass -p '${v}' scp -r build/ ${user(r)}@web1.acme.io:/var/www/\necho copied\n`,
        v,
      ]
    },
  ],
]
