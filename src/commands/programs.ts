// Words behind which a command line is a package manager's own.

export { isProgram, type Program, programs } from '../guard/programs.ts'
