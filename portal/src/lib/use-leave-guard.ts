import { useBlocker } from "@tanstack/react-router";

/** Whether leaving is held up now, and what the user says to that. */
export interface Leaving {
  isHeld: boolean;
  stay: () => void;
  leave: () => void;
}

/** Keeps what is not saved: asks before another screen is shown, and lets the browser ask before the page is closed. */
export function useLeaveGuard(isChanged: boolean): Leaving {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  });
  return {
    isHeld: blocker.status === "blocked",
    stay: () => blocker.reset?.(),
    leave: () => blocker.proceed?.(),
  };
}
