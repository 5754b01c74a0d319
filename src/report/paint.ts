// Colour as functions, so that "no colour" is the same code with other functions.

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  inverse: [7, 27],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const

export type Paint = Readonly<Record<keyof typeof codes, (text: string) => string>>

/** SGR codes (ECMA-48) around each line, so that a wrapped cell stays painted; plain text where `on` is false. */
export const painter = (on: boolean): Paint =>
  Object.fromEntries(
    Object.entries(codes).map(([name, [open, close]]) => [
      name,
      on
        ? (text: string) =>
            text
              .split('\n')
              .map((line) => `\u001b[${open}m${line}\u001b[${close}m`)
              .join('\n')
        : (text: string) => text,
    ]),
  ) as Record<keyof typeof codes, (text: string) => string>
