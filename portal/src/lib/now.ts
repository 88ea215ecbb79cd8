import { useSyncExternalStore } from "react";

/** One clock for the whole page: it ticks each second while anything on the screen shows a time that moves. */
const listeners = new Set<() => void>();
let timer: number | undefined;
let current = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    current = Date.now();
    for (const one of listeners) one();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

const whole = (step: number) => () => {
  if (timer === undefined) current = Date.now();
  return Math.floor(current / step) * step;
};
const bySecond = whole(1000);
const byTenSeconds = whole(10_000);

/** The time now, in milliseconds, renewed each second (`fine`) or every ten. */
export function useNow(fine = false): number {
  return useSyncExternalStore(subscribe, fine ? bySecond : byTenSeconds);
}
