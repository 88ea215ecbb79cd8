import type { CSSProperties } from "react";

/** How many columns a matrix has besides its first: it grows no narrower than they need. */
export function columns(count: number): CSSProperties {
  return { "--columns": count } as CSSProperties;
}
