import type { MouseEvent } from "react";
import { useNow } from "@/lib/now";
import { ago, elapsed, exactTime } from "@/lib/time";

/** How long ago, with the exact time on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow(Date.now() - Date.parse(at) < 100_000);
  return (
    <time dateTime={at} onMouseEnter={tellExactly}>
      {ago(at, now)}
    </time>
  );
}

/** Worked out on demand: lists show dozens of times, and nearly none of them is pointed at. */
export function tellExactly(event: MouseEvent<HTMLTimeElement>): void {
  event.currentTarget.title = exactTime(event.currentTarget.dateTime);
}

/** A length that counts on while there is no end. */
export function Elapsed({ from, to }: { from: string | null; to: string | null }) {
  return to ? <span className="numbers">{elapsed(from, to, 0)}</span> : <Counting from={from} />;
}

function Counting({ from }: { from: string | null }) {
  const now = useNow(true);
  return <span className="numbers">{elapsed(from, null, now)}</span>;
}
