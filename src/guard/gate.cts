// Runs in npm's own process, before npm (`node --require gate.cjs npm …`): loads npm's own modules, which takes a good
// part of a second and reads nothing of the project, then waits on descriptor 3 for one byte. Where that is closed
// without, npm never begins.

const { closeSync, readSync, realpathSync } = require('node:fs') as typeof import('node:fs')
const { dirname, join } = require('node:path') as typeof import('node:path')

const descriptor = 3

const library = join(dirname(realpathSync(process.argv[1] ?? '.')), '..', 'lib')
for (const part of ['cli/entry.js', 'npm.js', 'commands/install.js']) {
  try {
    require(join(library, part))
  } catch {
    // Another npm, or one for another Node: it says so itself in a moment.
  }
}

if (!mayGo()) process.exit(1)
closeSync(descriptor)

function mayGo(): boolean {
  for (;;) {
    try {
      return readSync(descriptor, Buffer.alloc(1)) === 1
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
