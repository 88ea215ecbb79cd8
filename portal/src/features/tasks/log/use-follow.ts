import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

const NEAR = 48;

export interface Follow {
  isFollowing: boolean;
  onScroll: (box: HTMLElement) => void;
  leave: () => void;
  toggle: () => void;
}

/** Whether the end of a growing log is kept in sight: until the reader scrolls up, and again from the end on. */
export function useFollow(): Follow {
  const [isFollowing, setFollowing] = useState(true);
  const last = useRef(0);
  const onScroll = useCallback((box: HTMLElement) => {
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (isAtEnd) setFollowing(true);
    else if (box.scrollTop < last.current - 2) setFollowing(false);
    last.current = box.scrollTop;
  }, []);
  const leave = useCallback(() => setFollowing(false), []);
  const toggle = useCallback(() => setFollowing((old) => !old), []);
  return { isFollowing, onScroll, leave, toggle };
}

/** Goes to the end whenever there is more. */
export function useEnd(box: RefObject<HTMLElement | null>, isOn: boolean, height: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the height moves the end
  useLayoutEffect(() => {
    if (isOn && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [isOn, height, box]);
}
