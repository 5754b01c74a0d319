// The package managers that the wrapper stands before.

export const programs = ['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg', 'bun', 'bunx'] as const
export type Program = (typeof programs)[number]

export const isProgram = (word: string | undefined): word is Program => programs.some((one) => one === word)
