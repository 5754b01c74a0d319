// General secrets of the held-out half: operators' shapes of other tools.

import { AN, B64, HEX } from './random.ts'
import { type Family, host, key, plain, strong, user, weak } from './values.ts'

export const heldOutShapes: readonly Family[] = [
  [
    'prose',
    'changelog-credentials',
    (r) => {
      const v = strong(r)
      return [
        'docs/onboarding.md',
        `## VPN\n\n1. Install the client.\n2. Sign in as \`${user(r)}\` with password \`${v}\`.\n3. Open the wiki.\n`,
        v,
      ]
    },
  ],
  [
    'prose',
    'yaml-like-list',
    (r) => {
      const v = weak(r)
      return [
        'docs/printer.txt',
        `Printer on floor 2\n  Address: 10.0.3.9\n  Admin user: ${user(r)}\n  Admin password: ${v}\n`,
        v,
      ]
    },
  ],
  [
    'prose',
    'ticket-text',
    (r) => {
      const v = r.text(AN, 32)
      return [
        'docs/incident.md',
        `Kim restarted the gateway at 10:40 with the api key ${v} because\nthe other one had run out. Closed at 11:05.\n`,
        v,
      ]
    },
  ],
  [
    'command-line',
    'kubectl-literal',
    (r) => {
      const v = strong(r)
      return [
        'ops/setup.sh',
        `#!/bin/sh\nkubectl create namespace orders\nkubectl -n orders create secret generic db --from-literal=password='${v}'\n`,
        v,
      ]
    },
  ],
  [
    'command-line',
    'az-login',
    (r) => {
      const v = `${r.text(AN, 3)}8Q~${r.text(AN, 34)}`
      return [
        'ci/azure.sh',
        `#!/bin/sh\naz login --service-principal -u ${r.uuid()} -p ${v} --tenant ${r.uuid()}\naz aks list -o table\n`,
        v,
      ]
    },
  ],
  [
    'command-line',
    'chpasswd',
    (r) => {
      const v = strong(r)
      return [
        'images/Dockerfile',
        `FROM debian:12\nRUN useradd -m ${user(r)}\nRUN echo 'root:${v}' | chpasswd\nEXPOSE 22\n`,
        v,
      ]
    },
  ],
  [
    'command-line',
    'mount-cifs',
    (r) => {
      const v = plain(r)
      return [
        'ops/fstab',
        `UUID=${r.uuid()} / ext4 defaults 0 1\n//nas.acme.io/share /mnt/share cifs username=${user(r)},password=${v},vers=3.0 0 0\n`,
        v,
      ]
    },
  ],
  [
    'attribute',
    'jenkins-credentials',
    (r) => {
      const v = r.text(HEX, 34)
      return [
        'jenkins/job.xml',
        `<project>\n  <trigger>\n    <userName>${user(r)}</userName>\n    <apiToken>${v}</apiToken>\n  </trigger>\n</project>\n`,
        v,
      ]
    },
  ],
  [
    'attribute',
    'connection-strings-config',
    (r) => {
      const v = strong(r)
      return [
        'App.config',
        `<configuration>\n  <connectionStrings>\n    <add name="Main" connectionString="Data Source=${host(r, 'sql')};Initial Catalog=orders;User ID=${user(r)};Pwd=${v}" />\n  </connectionStrings>\n</configuration>\n`,
        v,
      ]
    },
  ],
  [
    'attribute',
    'systemd-environment',
    (r) => {
      const v = strong(r)
      return [
        'ops/orders.service',
        `[Service]\nUser=orders\nEnvironment="STAGE=production" "DB_PASSWORD=${v}"\nExecStart=/opt/orders/bin/start\n`,
        v,
      ]
    },
  ],
  [
    'pair',
    'java-map-of',
    (r) => {
      const v = key(r)
      return [
        'src/Seed.java',
        `class Seed {\n    static final Map<String, String> DEFAULTS = Map.of(\n        "stage", "production",\n        "clientSecret", "${v}");\n}\n`,
        v,
      ]
    },
  ],
  [
    'pair',
    'aws-basic-credentials',
    (r) => {
      const v = r.text(B64, 40)
      return [
        'src/Storage.java',
        `class Storage {\n    final S3Client client = S3Client.builder()\n        .credentialsProvider(StaticCredentialsProvider.create(\n            AwsBasicCredentials.create("${'AKIA'}X${r.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 15)}", "${v}")))\n        .build();\n}\n`,
        v,
      ]
    },
  ],
  [
    'pair',
    'php-pdo',
    (r) => {
      const v = strong(r)
      return [
        'src/db.php',
        `<?php\n\n$db = new PDO('mysql:host=${host(r)};dbname=orders', '${user(r)}', '${v}');\n$db->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);\n`,
        v,
      ]
    },
  ],
  [
    'config-file',
    'odbc-ini',
    (r) => {
      const v = strong(r)
      return [
        'ops/odbc.ini',
        `[warehouse]\nDriver = PostgreSQL\nServername = ${host(r)}\nUID = ${user(r)}\nPWD = ${v}\n`,
        v,
      ]
    },
  ],
  [
    'config-file',
    'wpa-supplicant',
    (r) => {
      const v = weak(r)
      return [
        'rootfs/etc/wpa_supplicant.conf',
        `country=DE\nnetwork={\n    ssid="acme-office"\n    psk="${v}2"\n    key_mgmt=WPA-PSK\n}\n`,
        `${v}2`,
      ]
    },
  ],
]
