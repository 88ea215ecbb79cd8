const SPAN = /^(?:(\d+)\.)?(\d+):(\d+):(\d+)$/;

/** `1.02:00:00` in minutes, as people enter it; null where it is no such span. */
export function minutesOf(span: string): number | null {
  const found = SPAN.exec(span);
  if (!found) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return (days * 24 + hours) * 60 + minutes + seconds / 60;
}

/** The span as the API writes it, from minutes; parts of a minute are seconds. */
export function spanOf(minutes: number): string {
  const total = Math.round(minutes * 60);
  const days = Math.floor(total / 86_400);
  const parts = [Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60, total % 60];
  const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return days > 0 ? `${days}.${clock}` : clock;
}
