// General secrets of the development half: operators' shapes, in prose, arguments, attributes and pairs.

import { AN, B64, HEX } from './random.ts'
import { type Family, host, key, plain, strong, user, weak } from './values.ts'

export const developmentShapes: readonly Family[] = [
  [
    'prose',
    'login-slash-password',
    (r) => {
      const v = strong(r)
      return [
        'docs/access.md',
        `# Staging\n\nThe admin area is at https://staging.acme.io/admin.\n\nLogin: ${user(r)} / ${v}\n`,
        v,
      ]
    },
  ],
  [
    'prose',
    'markdown-table',
    (r) => {
      const v = strong(r)
      return [
        'docs/servers.md',
        `| Server | User | Password |\n| --- | --- | --- |\n| ${host(r)} | ${user(r)} | ${v} |\n`,
        v,
      ]
    },
  ],
  [
    'prose',
    'password-is',
    (r) => {
      const v = weak(r)
      return [
        'NOTES.txt',
        `call with ops, tuesday\n- the root password of the NAS is ${v}\n- backup starts at 2 am\n`,
        v,
      ]
    },
  ],
  [
    'command-line',
    'mongosh',
    (r) => {
      const v = plain(r)
      return [
        'scripts/count.sh',
        `#!/bin/sh\nmongosh --host ${host(r)} --username ${user(r)} --password ${v} --eval 'db.orders.count()'\n`,
        v,
      ]
    },
  ],
  [
    'command-line',
    'redis-cli',
    (r) => {
      const v = plain(r)
      return ['scripts/flush.sh', `#!/bin/sh\nredis-cli -h ${host(r, 'redis')} -a ${v} FLUSHDB\n`, v]
    },
  ],
  [
    'command-line',
    'openssl-pass',
    (r) => {
      const v = strong(r)
      return [
        'ci/sign.sh',
        `#!/bin/sh\nset -e\nopenssl pkcs12 -in release.p12 -nodes -passin pass:${v} -out release.pem\n`,
        v,
      ]
    },
  ],
  [
    'command-line',
    'curl-data',
    (r) => {
      const v = r.text(AN, 40)
      return [
        'scripts/token.sh',
        `#!/bin/sh\ncurl -s https://login.acme.io/token -d grant_type=client_credentials -d client_id=orders -d client_secret=${v}\n`,
        v,
      ]
    },
  ],
  [
    'attribute',
    'tomcat-users',
    (r) => {
      const v = weak(r)
      return [
        'conf/tomcat-users.xml',
        `<tomcat-users>\n  <role rolename="manager-gui"/>\n  <user username="${user(r)}" password="${v}" roles="manager-gui"/>\n</tomcat-users>\n`,
        v,
      ]
    },
  ],
  [
    'attribute',
    'spring-bean',
    (r) => {
      const v = strong(r)
      return [
        'src/main/resources/beans.xml',
        `<bean id="ds" class="org.apache.commons.dbcp2.BasicDataSource">\n  <property name="username" value="${user(r)}"/>\n  <property name="password" value="${v}"/>\n</bean>\n`,
        v,
      ]
    },
  ],
  [
    'attribute',
    'hidden-input',
    (r) => {
      const v = r.text(HEX, 40)
      return [
        'public/order.html',
        `<form action="https://pay.acme.io/charge" method="post">\n  <input type="hidden" name="api_key" value="${v}">\n  <button>Pay</button>\n</form>\n`,
        v,
      ]
    },
  ],
  [
    'pair',
    'ecs-task-definition',
    (r) => {
      const v = strong(r)
      return [
        'deploy/task.json',
        `{\n  "containerDefinitions": [{\n    "name": "orders",\n    "environment": [\n      { "name": "STAGE", "value": "production" },\n      { "name": "DB_PASSWORD", "value": "${v}" }\n    ]\n  }]\n}\n`,
        v,
      ]
    },
  ],
  [
    'pair',
    'go-map',
    (r) => {
      const v = key(r)
      return [
        'internal/seed.go',
        `package internal\n\nvar defaults = map[string]string{\n\t"stage":         "production",\n\t"client_secret": "${v}",\n}\n`,
        v,
      ]
    },
  ],
  [
    'multi-line',
    'heredoc',
    (r) => {
      const v = strong(r)
      return [
        'infra/user_data.tf',
        `resource "aws_instance" "web" {\n  user_data = <<-EOT\n    #!/bin/sh\n    export ADMIN_PASSWORD='${v}'\n    /opt/start\n  EOT\n}\n`,
        v,
      ]
    },
  ],
  [
    'config-file',
    'my-cnf',
    (r) => {
      const v = strong(r)
      return ['ops/.my.cnf', `[client]\nhost = ${host(r)}\nuser = ${user(r)}\npassword = "${v}"\n`, v]
    },
  ],
  [
    'config-file',
    'notebook-output',
    (r) => {
      const v = `${r.text(B64, 40)}`
      return [
        'nb/debug.ipynb',
        `{\n "cells": [{\n  "cell_type": "code",\n  "outputs": [{ "name": "stdout", "text": ["aws_secret_access_key = ${v}\\n"] }],\n  "source": ["!cat ~/.aws/credentials"]\n }]\n}\n`,
        v,
      ]
    },
  ],
]
