/** Lengths of time as the API writes them, `[d.]hh:mm:ss`, and as people enter them: a number of units. */

export const UNITS = [
  { value: "1", label: "seconds" },
  { value: "60", label: "minutes" },
  { value: "3600", label: "hours" },
  { value: "86400", label: "days" },
] as const;

const SPAN = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.\d+)?$/;

/** Null for what is no length. */
export function secondsOf(text: string | null | undefined): number | null {
  const found = SPAN.exec(text ?? "");
  if (!found) return null;
  const [days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return days * 86_400 + hours * 3600 + minutes * 60 + seconds;
}

export function spanOf(seconds: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor((seconds % 86_400) / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
    .map(two)
    .join(":");
  return days > 0 ? `${days}.${clock}` : clock;
}

/** The largest unit in which the length is a whole number. */
export function unitOf(seconds: number): number {
  if (seconds === 0) return 60;
  return [86_400, 3600, 60].find((unit) => seconds % unit === 0) ?? 1;
}
