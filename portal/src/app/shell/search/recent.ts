import type { Jump } from "./results";

const KEY = "polpo-recent";
const MOST = 6;

/** Where the user went from the palette lately, the latest first; of one space. */
export function recentJumps(space: string): Jump[] {
  return read()[space] ?? [];
}

export function rememberJump(space: string, jump: Jump): void {
  const kept = read();
  const others = (kept[space] ?? []).filter((one) => one.href !== jump.href);
  localStorage.setItem(KEY, JSON.stringify({ ...kept, [space]: [jump, ...others].slice(0, MOST) }));
}

function read(): Record<string, Jump[]> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, Jump[]>;
  } catch {
    return {};
  }
}
