// Words behind which a command line is a package manager's own.

export { isProgram, programs } from '../guard/programs.ts'
