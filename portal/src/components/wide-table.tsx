import { useMergedRef, useResizeObserver } from "@mantine/hooks";
import { type ReactNode, useEffect, useRef, useState } from "react";

interface Props {
  /** Narrower than this, in pixels, the table scrolls sideways. */
  minWidth: number;
  children: ReactNode;
}

/** A table that may be wider than the window. Only where it is, it can be reached and scrolled by keyboard. */
export function WideTable({ minWidth, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [measure, { width }] = useResizeObserver<HTMLDivElement>();
  const [scrolls, setScrolls] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the width decides; what it does to the content is measured
  useEffect(() => {
    setScrolls((box.current?.scrollWidth ?? 0) > (box.current?.clientWidth ?? 0));
  }, [width]);
  return (
    <div
      ref={useMergedRef(box, measure)}
      style={{ overflowX: "auto", position: "relative" }}
      tabIndex={scrolls ? 0 : undefined}
    >
      <div style={{ minWidth }}>{children}</div>
    </div>
  );
}
