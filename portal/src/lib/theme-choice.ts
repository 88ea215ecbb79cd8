import type { MantineColorScheme, MantineColorSchemeManager } from "@mantine/core";

const KEY = "polpo-theme";

/** Keeps the choice of light, dark or the system's where `theme.js` finds it before the first paint. */
export function themeChoice(): MantineColorSchemeManager {
  let listener: ((event: StorageEvent) => void) | undefined;
  return {
    get: (fallback) => (localStorage.getItem(KEY) as MantineColorScheme | null) ?? fallback,
    set: (value) => localStorage.setItem(KEY, value),
    subscribe: (onUpdate) => {
      listener = (event) => {
        if (event.key === KEY && event.newValue) onUpdate(event.newValue as MantineColorScheme);
      };
      window.addEventListener("storage", listener);
    },
    unsubscribe: () => {
      if (listener) window.removeEventListener("storage", listener);
    },
    clear: () => localStorage.removeItem(KEY),
  };
}
