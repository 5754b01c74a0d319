// Texts from outside as URLs, for all who must not stumble over one that is none.

/** Undefined for what is no URL. Not URL.canParse: once V8 has compiled it, Node 20 denies URLs with letters beyond ASCII. */
export function urlOf(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}
