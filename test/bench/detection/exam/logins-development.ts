// General secrets of the development half: passwords, connection strings, headers, command lines and comments.

import { AN, B64, B64U, base64 } from './random.ts'
import { type Family, host, key, plain, strong, user, weak } from './values.ts'

export const developmentLogins: readonly Family[] = [
  [
    'password-weak',
    'spring-datasource',
    (r) => {
      const v = weak(r)
      return [
        'src/main/resources/application-prod.properties',
        `spring.datasource.url=jdbc:postgresql://${host(r)}:5432/orders\nspring.datasource.username=${user(r)}\nspring.datasource.password=${v}\nspring.jpa.open-in-view=false\n`,
        v,
      ]
    },
  ],
  [
    'password-weak',
    'python-keyword-argument',
    (r) => {
      const v = weak(r)
      return [
        'etl/load.py',
        `import psycopg2\n\n\ndef connect():\n    return psycopg2.connect(\n        host="${host(r)}",\n        user="${user(r)}",\n        password="${v}",\n        dbname="warehouse",\n    )\n`,
        v,
      ]
    },
  ],
  [
    'password-weak',
    'php-define',
    (r) => {
      const v = weak(r)
      return [
        'wp-config.php',
        `<?php\ndefine( 'DB_NAME', 'shop' );\ndefine( 'DB_USER', '${user(r)}' );\ndefine( 'DB_PASSWORD', '${v}' );\ndefine( 'DB_HOST', '${host(r)}' );\n$table_prefix = 'wp_';\n`,
        v,
      ]
    },
  ],
  [
    'password-weak',
    'java-setter',
    (r) => {
      const v = weak(r)
      return [
        'src/main/java/dev/acme/Pool.java',
        `package dev.acme;\n\npublic class Pool {\n    DataSource open() {\n        var config = new HikariConfig();\n        config.setJdbcUrl("jdbc:mysql://${host(r)}/orders");\n        config.setUsername("${user(r)}");\n        config.setPassword("${v}");\n        return new HikariDataSource(config);\n    }\n}\n`,
        v,
      ]
    },
  ],
  [
    'password-weak',
    'compose-mysql',
    (r) => {
      const v = weak(r)
      return [
        'deploy/docker-compose.yml',
        `services:\n  db:\n    image: mysql:8.0\n    environment:\n      MYSQL_DATABASE: orders\n      MYSQL_ROOT_PASSWORD: ${v}\n    volumes:\n      - data:/var/lib/mysql\n`,
        v,
      ]
    },
  ],
  [
    'password-strong',
    'env-file',
    (r) => {
      const v = strong(r)
      return ['server/.env', `DB_HOST=${host(r)}\nDB_USER=${user(r)}\nDB_PASSWORD=${v}\nDB_POOL=10\n`, v]
    },
  ],
  [
    'password-strong',
    'tf-resource',
    (r) => {
      const v = strong(r)
      return [
        'infra/rds.tf',
        `resource "aws_db_instance" "main" {\n  engine   = "postgres"\n  username = "${user(r)}"\n  password = "${v}"\n  instance_class = "db.t3.medium"\n}\n`,
        v,
      ]
    },
  ],
  [
    'password-strong',
    'tfstate',
    (r) => {
      const v = strong(r)
      return [
        'infra/terraform.tfstate',
        `{\n  "version": 4,\n  "resources": [\n    {\n      "type": "random_password",\n      "name": "db",\n      "instances": [{ "attributes": {\n        "length": 16,\n        "result": "${v}",\n        "special": true\n      } }]\n    }\n  ]\n}\n`,
        v,
      ]
    },
  ],
  [
    'password-strong',
    'ruby-database-yml',
    (r) => {
      const v = strong(r)
      return [
        'config/database.yml',
        `production:\n  adapter: mysql2\n  host: ${host(r)}\n  username: ${user(r)}\n  password: "${v}"\n  pool: 5\n`,
        v,
      ]
    },
  ],
  [
    'connection-string',
    'postgres-url',
    (r) => {
      const v = plain(r)
      return [
        'src/db.js',
        `const { Pool } = require('pg')\n\nconst pool = new Pool({\n  connectionString: 'postgres://${user(r)}:${v}@${host(r)}:5432/orders?sslmode=require',\n  max: 10,\n})\n\nmodule.exports = pool\n`,
        v,
      ]
    },
  ],
  [
    'connection-string',
    'mongodb-srv',
    (r) => {
      const v = plain(r)
      return [
        'config/production.json',
        `{\n  "port": 8080,\n  "mongo": "mongodb+srv://${user(r)}:${v}@cluster0.${r.text('abcdefghkm', 5)}.mongodb.net/shop?retryWrites=true",\n  "cache": true\n}\n`,
        v,
      ]
    },
  ],
  [
    'connection-string',
    'adonet',
    (r) => {
      const v = strong(r)
      return [
        'appsettings.json',
        `{\n  "ConnectionStrings": {\n    "Default": "Server=tcp:${host(r, 'sql')},1433;Database=orders;User Id=${user(r)};Password=${v};Encrypt=True;"\n  }\n}\n`,
        v,
      ]
    },
  ],
  [
    'connection-string',
    'azure-storage',
    (r) => {
      const v = `${r.text(B64, 86)}==`
      return [
        'Worker/local.settings.json',
        `{\n  "IsEncrypted": false,\n  "Values": {\n    "AzureWebJobsStorage": "DefaultEndpointsProtocol=https;AccountName=acmeorders;AccountKey=${v};EndpointSuffix=core.windows.net",\n    "FUNCTIONS_WORKER_RUNTIME": "dotnet"\n  }\n}\n`,
        v,
      ]
    },
  ],
  [
    'basic-auth',
    'curl-u',
    (r) => {
      const v = plain(r)
      return [
        'scripts/purge.sh',
        `#!/bin/sh\nset -e\n\ncurl -sf -u ${user(r)}:${v} -X PURGE https://cache.acme.io/assets/\necho done\n`,
        v,
      ]
    },
  ],
  [
    'basic-auth',
    'header',
    (r) => {
      const v = base64(`${user(r)}:${plain(r)}`)
      return [
        'src/report.ts',
        `export async function report(month: string) {\n  const answer = await fetch('https://reports.acme.io/api/' + month, {\n    headers: { Authorization: 'Basic ${v}' },\n  })\n  return answer.json()\n}\n`,
        v,
      ]
    },
  ],
  [
    'basic-auth',
    'git-remote',
    (r) => {
      const v = plain(r)
      return [
        '.gitmodules',
        `[submodule "vendor/billing"]\n\tpath = vendor/billing\n\turl = https://${user(r)}:${v}@git.acme.io/platform/billing.git\n`,
        v,
      ]
    },
  ],
  [
    'bearer',
    'curl-header',
    (r) => {
      const v = r.text(AN, 40)
      return [
        'docs/runbook.md',
        `# Runbook\n\nClear the queue by hand:\n\n\`\`\`\ncurl -H "Authorization: Bearer ${v}" -X DELETE https://queue.acme.io/v1/jobs\n\`\`\`\n`,
        v,
      ]
    },
  ],
  [
    'bearer',
    'python-headers',
    (r) => {
      const v = r.text(B64U, 48)
      return [
        'jobs/push.py',
        `import requests\n\nHEADERS = {\n    "Accept": "application/json",\n    "Authorization": "Bearer ${v}",\n}\n\n\ndef push(rows):\n    return requests.post("https://api.acme.io/rows", json=rows, headers=HEADERS)\n`,
        v,
      ]
    },
  ],
  [
    'comment',
    'old-password',
    (r) => {
      const v = strong(r)
      return [
        'src/ftp.py',
        `from ftplib import FTP\n\n# until 2024: user ${user(r)}, password: ${v}\n# now the key from the vault is used\n\n\ndef open_session(host, user, key):\n    return FTP(host, user, key)\n`,
        v,
      ]
    },
  ],
  [
    'comment',
    'commented-out-line',
    (r) => {
      const v = key(r)
      return [
        'src/mail.ts',
        `import { Mailer } from './mailer'\n\n// const apiKey = '${v}'\nconst apiKey = process.env.MAIL_KEY\n\nexport const mailer = new Mailer(apiKey)\n`,
        v,
      ]
    },
  ],
  [
    'command-line',
    'mysql-p',
    (r) => {
      const v = plain(r)
      return [
        'scripts/backup.sh',
        `#!/bin/bash\nset -e\nstamp=$(date +%F)\nmysqldump -h ${host(r)} -u ${user(r)} -p${v} orders > "/backup/$stamp.sql"\ngzip "/backup/$stamp.sql"\n`,
        v,
      ]
    },
  ],
  [
    'command-line',
    'docker-login',
    (r) => {
      const v = plain(r)
      return [
        'ci/push.sh',
        `#!/bin/sh\nset -e\ndocker login registry.acme.io -u ${user(r)} -p ${v}\ndocker push registry.acme.io/orders:latest\n`,
        v,
      ]
    },
  ],
]
