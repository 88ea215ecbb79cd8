import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

/** After `g`, a letter leads to a screen of the space. */
export const JUMPS = [
  { letter: "d", word: "Dashboard", path: "" },
  { letter: "p", word: "Projects", path: "/projects" },
  { letter: "t", word: "Tasks", path: "/tasks" },
  { letter: "e", word: "Environments", path: "/infrastructure/environments" },
  { letter: "m", word: "Deployment targets", path: "/infrastructure/targets" },
  { letter: "l", word: "Packages", path: "/library/packages" },
] as const;

const PATIENCE = 1500;

interface Commands {
  space: string;
  onSearch: () => void;
  onHelp: () => void;
}

/** Keys that work wherever one does not type. Ctrl-K works while typing, too. */
export function useShortcuts({ space, onSearch, onHelp }: Commands): void {
  const router = useRouter();
  useEffect(() => {
    let pressedG = 0;
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        event.preventDefault();
        onSearch();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      if (event.key === "?") onHelp();
      else if (event.key === "/") {
        event.preventDefault();
        onSearch();
      } else if (event.key === "g") pressedG = Date.now();
      else if (Date.now() - pressedG < PATIENCE) {
        const jump = JUMPS.find((one) => one.letter === event.key);
        pressedG = 0;
        if (jump) void router.navigate({ href: `/app/${space}${jump.path}` });
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [router, space, onSearch, onHelp]);
}

/** In a field, in a dialog or a menu, letters mean what they say. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("input, textarea, select, [contenteditable=true], [role=menu], [role=combobox]")) return true;
  return document.querySelector("[role=dialog]") !== null;
}
