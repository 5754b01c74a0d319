// Secrets that no name announces: arguments of the calls and commands that log in, sign and encrypt. Same form as the
// other generic rules; each pattern begins with the call's own words, and the value is judged as theirs are.

import type { GenericSignature } from './generic.ts'
import { looksLikeCode, looksLikePassword, looksMixed, looksRandom } from './values.ts'

/** A command's other options and words. */
const options = '(?:[\\w.@/=:~-]{1,80} ){0,8}?'

/** Arguments ahead of the secret, each a literal or a short expression. */
const after = (least: number, most = least): string =>
  String.raw`\s{0,20}(?:(?:[bfr]?"[^"\n]{0,120}"|[bfr]?'[^'\n]{0,120}'|[\w.$:[\]{} ]{1,60})\s{0,4},\s{0,20}){${least},${most}}`
const quote = String.raw`(?:Some\(|new [\w.]{1,40}\()?[@bfr]?["']`

/** Words by which a call or a command is found → what stands between them and its password. */
const logins: Readonly<Record<string, string>> = {
  '.login(': after(1) + quote,
  'BasicAuth(': after(1) + quote,
  'basicAuth(': after(1) + quote,
  'basic_auth(': after(1) + quote,
  'basic_auth ': after(1) + quote,
  'auth=(': after(1) + quote,
  'Credential(': after(1, 2) + quote,
  'Credentials(': after(1) + quote,
  'PasswordAuthentication(': after(1) + quote,
  'mysqli(': after(2) + quote,
  'mysqli_connect(': after(2) + quote,
  ' PDO(': after(2) + quote,
  'getConnection(': after(2) + quote,
  '.connect(': String.raw`${after(2, 3)}(?=["'][^"'\n]{0,80}\d)${quote}`,
  'ftp_login(': after(2) + quote,
  'keyring.set_password(': after(2) + quote,
  'setAuth(': after(1) + quote,
  'authenticate(': after(1) + quote,
  'btoa(': String.raw`["'][\w.@-]{1,60}:`,
  'Buffer.from(': String.raw`["'][\w.@-]{1,60}:`,
  'b64encode(': String.raw`b?["'][\w.@-]{1,60}:`,
  'SECURITY_CREDENTIALS, ': `["']`,
  'sp_addlogin ': String.raw`N?'[^'\n]{1,60}', {0,2}N?'`,
  '>connect(': after(2) + quote,
  'PlainAuth(': after(2) + quote,
  USERPWD: String.raw`, ?["'][^\s"':]{1,60}:`,
  '{noop}': '',
  'ConvertTo-SecureString ': String.raw`(?:-\w{1,12} ){0,3}["']`,
  'IDENTIFIED BY ': `(?:PASSWORD |VALUES )?["']`,
  'identified by ': `(?:password |values )?["']`,
  'sshpass -p': ` ?["']?`,
  mysql: `(?:dump|admin)? ${options}(?:-p|password )["']?`,
  'docker login ': `${options}(?:-p|--password)[ =]["']?`,
  'podman login ': `${options}(?:-p|--password)[ =]["']?`,
  'az login ': `${options}(?:-p|--password)[ =]["']?`,
  mongo: `(?:sh|dump|restore|export|import)? ${options}-p[ =]?["']?`,
  'sqlcmd ': `${options}-P ?["']?`,
  'snowsql ': `${options}-p ["']?`,
  'redis-cli ': `${options}-a ["']?`,
  'htpasswd ': String.raw`-[a-zA-Z]{0,6}b[a-zA-Z]{0,6} [\w./-]{1,100} [\w.@-]{1,60} ["']?`,
  'ldapsearch ': `${options}-w ["']?`,
  'smbclient ': String.raw`${options}-U ["']?[\w.\\-]{1,60}%`,
  'rabbitmqctl ': String.raw`(?:add_user|change_password) [\w.-]{1,60} ["']?`,
  'xfreerdp ': String.raw`(?:/[\w.:\\-]{1,80} ){0,6}?/p:["']?`,
  'zip -P ': `["']?`,
  'twine upload ': `${options}-p ["']?`,
  'openssl ': `${options}(?:-k |-pass(?:in|out)? pass:)["']?`,
  'lftp ': String.raw`-u [\w.@-]{1,60},["']?`,
  'useradd ': `${options}-p ["']?`,
  'net use ': String.raw`[\w\\:*.$-]{1,100} (?:[\w\\.$-]{1,100} )?/user:[\w\\@.-]{1,60} ["']?`,
  // INSERT INTO users (name, password) VALUES ('bob', '…'): the same place in both lists
  ...Object.fromEntries(
    ['INSERT INTO ', 'insert into '].map((word) => [
      word,
      `(?=[\\w."[\\]${'`'}]{1,80} ?\\([^()]{1,200}\\)\\s{0,8}(?:VALUES|values))(?:${[0, 1, 2, 3, 4].map(insertInto).join('|')})`,
    ]),
  ),
  'echo ': String.raw`["']?(?:\w{1,32}:(?=[^\n]{1,80}\| ?(?:sudo )?chpasswd)|(?=[^\n|]{4,100}\| ?(?:sudo -S|[^\n|]{1,120}--password-stdin)))`,
}

function insertInto(place: number): string {
  return String.raw`[\w."${'`'}[\]]{1,80} ?\((?:[^,()]{1,40},){${place}}\s*["${'`'}[]?(?:password|passwd|pwd)\b[^()]{0,80}\)\s{0,8}(?:VALUES|values)\s{0,8}\((?:\s{0,4}(?:'[^'\n]{0,80}'|[^,'()\s]{0,40}),){${place}}\s{0,4}'`
}

/** The rest of a Markdown table's head: a few short cells, so that a line of nothing but heads costs little. */
const cells = String.raw`(?:[^|\n]{0,40}\|){0,6}[ \t\r]{0,8}`

/** What people write down for one another: words by which it is found → what stands between them and the password. */
const notes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['ogin: ', 'OGIN: ', 'redentials: ', 'reds: ', 'ccess: '].map((word) => [
      word,
      String.raw`[\w.@-]{1,60}(?: ?/ ?|:)`,
    ]),
  ),
  ...Object.fromEntries(
    ['assword of ', 'assword for ', 'assphrase for '].map((word) => [
      word,
      String.raw`[\w .'@-]{1,60}?(?: is)?:? ["'${'`'}]?`,
    ]),
  ),
  ...Object.fromEntries(
    ['the password ', 'new password ', 'with password ', 'use password '].map((word) => [
      word,
      `(?:is |was )?["'${'`'}]?`,
    ]),
  ),
  ...Object.fromEntries(
    [',password', ',Password', ';password', ',passwd', ',secret'].map((word) => [
      word,
      `(?=[,;\\r\\n])(?:${[0, 1, 2, 3].map((place) => values(place, word[0]!)).join('|')})`,
    ]),
  ),
  ...Object.fromEntries(
    ['| Password', '| password', '| PASSWORD', '| Secret', '| Token', '|Password'].map((word) => [
      word,
      `(?=[^|\\n]{0,30}\\|${cells}\\n[ \\t]{0,8}\\|[-:| ]{3,300}\\n)(?:${[0, 1, 2, 3, 4].map(column).join('|')})`,
    ]),
  ),
}

/** A Markdown table: under the head the first row's cell. */
function column(place: number): string {
  return String.raw`(?<=(?:^|\n)[ \t]{0,8}(?:\|[^|\n]{0,60}){${place + 1}})[^|\n]{0,30}\|${cells}\n[ \t]{0,8}\|[-:| ]{3,300}\n[ \t]{0,8}(?:\|[^|\n]{0,120}){${place}}\|[ \t]{0,40}["'${'`'}]?`
}

/** A table of values parted by commas: in the first row. */
function values(place: number, comma: string): string {
  return String.raw`(?<=(?:^|\n)[^${comma}\n]{1,60}(?:${comma}[^${comma}\n]{0,60}){${place + 1}})(?:${comma}[^\n]{0,200})?\r?\n(?:[^${comma}\n]{0,120}${comma}){${place + 1}}["']?`
}

/** Words by which a call is found → what stands between them and its key. */
const keys: Readonly<Record<string, string>> = {
  'jwt.sign(': after(0, 1) + quote,
  'jwt.verify(': after(0, 1) + quote,
  'jwt.encode(': after(0, 1) + quote,
  'jwt.decode(': after(0, 1) + quote,
  'reateHmac(': after(1) + quote,
  'reateCipheriv(': after(1) + quote,
  'reateDecipheriv(': after(1) + quote,
  'hmac.new(': String.raw`\s{0,20}${quote}`,
  'Fernet(': quote,
  'SecretKeySpec(': quote,
  'SecurityKey(': String.raw`[\w.(]{0,60}${quote}`,
  'HMAC256(': quote,
  'bearer_auth(': quote,
  'HeaderValue(': String.raw`["']\w{2,12}["'], ?["']`,
  'Client(': after(1) + quote,
  'Twilio(': after(1) + quote,
  'Session(': after(1) + quote,
  'OAuthHandler(': after(1) + quote,
  'algoliasearch(': after(1) + quote,
  'signWith(': after(0, 1) + quote,
  'GetBytes(': quote,
  '?key=': '',
  '&key=': '',
  'login(key=': quote,
  'vault login ': `["']?`,
  'se token ': `["'${'`'}]?`,
  'he token ': `(?:is )?["'${'`'}]?`,
}

/** One pattern for each word: where it stands, the others need not be tried. */
function ofTable(words: Readonly<Record<string, string>>, stop = '') {
  const value = String.raw`(?<secret>[^\s"'${'`'}$<>{}\\${stop}]{4,128})(?=["'${'`'}\s\\${stop}]|$)`
  const patterns = new Map(
    Object.entries(words).map(([word, between]) => [word, word.replaceAll(/[.?(){}|]/g, '\\$&') + between + value]),
  )
  const any = [...patterns.values()].map((source) => source.replace('?<secret>', ''))
  return { anchors: Object.keys(words), after: 512, patterns, pattern: new RegExp(any.join('|')) } as const
}

const medium = { severity: 'high', confidence: 'medium', strength: 'guessable' } as const

export const argumentSignatures: readonly GenericSignature[] = [
  {
    ...medium,
    id: 'command-line-credentials',
    title: 'Credentials on a command line',
    anchors: ['-u ', '--user', '-a ', '--auth'],
    lookBehind: 240,
    after: 200,
    // The command is looked for last, and backwards: most options are somebody else's.
    pattern:
      /(?:-u|-a|--(?:proxy-)?user|--auth)[ =]["']?[^\s:"'$<>]{1,64}:(?<secret>[^\s"'$<>{}\\]{4,100})(?=["']?(?:\s|$|\\))(?<=\b(?:curl|wget|https?|xh) [^\n|;&]{0,230})/,
    accepts: ({ value }) => looksLikePassword(value, 5),
    why: 'Shell histories, process lists and CI logs repeat the command with the password in it.',
    fix: 'Change the password; let the command read it from the environment, a netrc file or a prompt.',
    matches: [
      parts('curl -s -u deploy:', 'h4rv3stM00n', ' https://files.example/upload'),
      parts('curl --user "ci:', '7Kq29xLwPz04', '" https://api.example/'),
    ],
    ignores: [
      'curl -u user:password https://api.example/',
      'curl -u "$USER:$PASS" https://api.example/',
      'curl -u admin: https://x.example',
    ],
  },
  {
    ...medium,
    ...ofTable(logins),
    id: 'password-argument',
    title: 'Password in clear',
    accepts: ({ value }) => looksLikePassword(value, 5) && !looksLikeCode(value),
    why: 'Whoever can read this file, or any clone of it, can log in with it; passwords are also used in more than one place.',
    fix: 'Change the password where it is used, read it from the environment or a secret store, then remove it here.',
    matches: [
      parts("sshpass -p '", 'h4rv3stM00n', "' ssh deploy@files.example"),
      parts('mysqldump -u shop -p', 'h4rv3stM00n', ' shop > shop.sql'),
      parts('docker login -u ci -p ', '7Kq29xLwPz04', ' registry.example'),
      parts('docker login registry.example -u ci -p ', '7Kq29xLwPz04', '\n'),
      parts('new NetworkCredential("shop", "', 'h4rv3stM00n', '")'),
      parts('ConvertTo-SecureString "', 'h4rv3stM00n', '" -AsPlainText -Force'),
      parts("CREATE USER 'shop'@'%' IDENTIFIED BY '", 'h4rv3stM00n', "';"),
      parts('server.login("mailer@shop.example", "', 'h4rv3stM00n', '")'),
      parts("auth=HTTPBasicAuth('shop', '", 'h4rv3stM00n', "')"),
      parts('DriverManager.getConnection("jdbc:mysql://db/shop", "shop", "', 'h4rv3stM00n', '")'),
      parts('new mysqli("db", "shop", "', 'h4rv3stM00n', '", "shop")'),
      parts('curl_setopt($c, CURLOPT_USERPWD, "shop:', 'h4rv3stM00n', '");'),
      parts('htpasswd -b .htpasswd shop ', 'h4rv3stM00n', '\n'),
      parts('echo "root:', 'h4rv3stM00n', '" | chpasswd'),
      parts("insert into users (name, password, age) values ('bob', '", 'h4rv3stM00n', "', 7)"),
    ],
    ignores: [
      'mysql -u root -p shop',
      'sshpass -p "$PASSWORD" ssh deploy@files.example',
      'docker login -u ci -p ${{ secrets.REGISTRY }}',
      'new NetworkCredential(user, password2)',
      'ConvertTo-SecureString "$env:PASSWORD2" -AsPlainText',
      "IDENTIFIED BY 'password'",
      'server.login(user, "password")',
      'echo "built:v1.2" | tee log',
      "insert into users (name, password, age) values ('h4rv3st', 'none', 7)",
    ],
  },
  {
    ...medium,
    ...ofTable(notes, ',;'),
    id: 'noted-password',
    title: 'Password in a note',
    lookBehind: 320,
    accepts: ({ value }) => looksMixed(value, 8) && looksLikePassword(value, 8) && !looksLikeCode(value),
    why: 'Whoever can read this file, or any clone of it, can log in with it.',
    fix: 'Change the password where it is used, keep the new one in a password manager, and remove this one here.',
    matches: [
      parts('Login: svc_billing / ', 'gX2Tm81QzLr7', '\n'),
      parts('the root password of the NAS is ', 'Mangrove77', '\n'),
      parts('| host | Password |\n|---|---|\n| db-1 | ', 'gX2Tm81QzLr7', ' |\n'),
    ],
    ignores: [
      'Login: Redirects / Routes2',
      'the password of the user is stored1 hashed',
      '| Password | Required |\n|---|---|\n| string | yes |',
    ],
  },
  {
    ...medium,
    ...ofTable(keys, '&#?('),
    id: 'key-argument',
    title: 'Key in clear',
    accepts: ({ value }) => looksRandom(value, 16),
    why: 'Whoever knows the key signs, encrypts or logs in as you do.',
    fix: 'Make a new key, read it from the environment or a secret store, then remove this one here.',
    matches: [
      parts("jwt.sign({ id: user.id }, '", 'b7Kq29xLwPz04TnE', "')"),
      parts('jwt.decode(token, "', 'b7Kq29xLwPz04TnE', '", algorithms=["HS256"])'),
      parts("crypto.createHmac('sha256', '", 'b7Kq29xLwPz04TnE', "')"),
      parts('new SecretKeySpec("', 'b7Kq29xLwPz04TnE', '".getBytes(), "AES")'),
      parts('new AuthenticationHeaderValue("Bearer", "', 'b7Kq29xLwPz04TnE', '")'),
    ],
    ignores: [
      "jwt.sign({ id: user.id }, 'public-key-file')",
      "crypto.createHmac('sha256', secretFromVault)",
      'new SecretKeySpec(bytes2, "AES")',
    ],
  },
]

/** Joined here, so that no line of this file is a finding. */
function parts(...pieces: string[]): string {
  return pieces.join('')
}
