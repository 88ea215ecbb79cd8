const KEY = "polpo-space";

/** The space that was last looked at in this browser: the one to begin with, and to link to from screens of no space. */
export function lastSpace(): string | null {
  return localStorage.getItem(KEY);
}

export function rememberSpace(space: string): void {
  localStorage.setItem(KEY, space);
}
