import { zoneName } from "./zone";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "long" });
const timeZone = zoneName();
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long", timeZone });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23", timeZone });

/** `3 minutes ago`; what happened in the last seconds is `just now`. */
export function ago(at: string, now: number): string {
  const seconds = Math.round((now - Date.parse(at)) / 1000);
  const length = Math.abs(seconds);
  if (length < 10) return "just now";
  if (length < MINUTE) return relative.format(-seconds, "second");
  if (length < HOUR) return relative.format(-Math.round(seconds / MINUTE), "minute");
  if (length < DAY) return relative.format(-Math.round(seconds / HOUR), "hour");
  if (length < 30 * DAY) return relative.format(-Math.round(seconds / DAY), "day");
  if (length < 365 * DAY) return relative.format(-Math.round(seconds / (30 * DAY)), "month");
  return relative.format(-Math.round(seconds / (365 * DAY)), "year");
}

/** Date and time with the zone, for people who need to know exactly. */
export function exactTime(at: string): string {
  return exact.format(new Date(at));
}

export function clockTime(at: string): string {
  return clock.format(new Date(at));
}

/** `42 s`, `3 min 5 s`, `1 h 20 min`, `2 d 4 h`: two units at most. */
export function lengthOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ${seconds % MINUTE} s`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ${Math.floor((seconds % HOUR) / MINUTE)} min`;
  return `${Math.floor(seconds / DAY)} d ${Math.floor((seconds % DAY) / HOUR)} h`;
}

/** From start to end, or to now while there is no end; empty before the start. Short ones that ended have a decimal. */
export function elapsed(started: string | null, ended: string | null, now: number): string {
  if (!started) return "";
  const length = (ended ? Date.parse(ended) : now) - Date.parse(started);
  return ended && length < 9950 ? `${(Math.max(0, length) / 1000).toFixed(1)} s` : lengthOf(length);
}

export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = "B";
  while (size >= 1024 && units.length) {
    size /= 1024;
    unit = units.shift() ?? unit;
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}
