import { lengthOf } from "@/lib/time";

const SPAN = /^(?:(\d+)\.)?(\d+):(\d+):(\d+)/;

/** `1.02:03:04` as people say it; a text of another form as it is. */
export function uptimeOf(span: string): string {
  const found = SPAN.exec(span);
  if (!found) return span;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return lengthOf((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
}
