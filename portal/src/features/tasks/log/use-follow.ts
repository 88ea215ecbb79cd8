import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

const NEAR = 48;

/** Keeps the end of a growing log in sight, until the reader scrolls up; scrolling down to the end takes it up again. */
export function useFollow(box: RefObject<HTMLDivElement | null>, isLive: boolean, version: number, height: number) {
  const [isFollowing, setFollowing] = useState(true);
  const last = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the log or of its height moves the end
  useLayoutEffect(() => {
    if (isLive && isFollowing && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [isLive, isFollowing, version, height, box]);
  const onScroll = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    if (isAtEnd) setFollowing(true);
    else if (element.scrollTop < last.current - 2) setFollowing(false);
    last.current = element.scrollTop;
  }, [box]);
  const leave = useCallback(() => setFollowing(false), []);
  const toggle = useCallback(() => setFollowing((old) => !old), []);
  return { isFollowing, onScroll, leave, toggle };
}
