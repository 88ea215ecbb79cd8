import { useEffect, useRef } from "react";

interface Keys {
  undo: () => void;
  redo: () => void;
  save: () => void;
}

/** Ctrl-Z, Ctrl-Shift-Z or Ctrl-Y, and Ctrl-S, wherever one is on the screen. The script editor has its own undo. */
export function useKeys(keys: Keys): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const verb = verbOf(event);
      if (verb === null) return;
      const place = event.target instanceof Element ? event.target : null;
      if (verb !== "save" && place?.closest('.cm-editor, [role="dialog"], [type="search"]')) return;
      event.preventDefault();
      now.current[verb]();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

function verbOf(event: KeyboardEvent): keyof Keys | null {
  switch (event.key.toLowerCase()) {
    case "z":
      return event.shiftKey ? "redo" : "undo";
    case "y":
      return "redo";
    case "s":
      return "save";
    default:
      return null;
  }
}
