// What the analysis needs of a disk, so that it can be shown a package without one.

export interface Files {
  /** The text of a regular file; undefined where there is none, it is too large, or it leads out of the project. */
  text(file: string): string | undefined
  kind(path: string): 'file' | 'folder' | undefined
  /** The package's own folder behind links; undefined where it leads out of the project. */
  real(folder: string): string | undefined
}
