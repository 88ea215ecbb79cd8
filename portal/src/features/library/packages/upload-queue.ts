import { ApiError } from "@/api/errors";
import type { Overwrite, Pushed } from "./pushing";

export type UploadState = "waiting" | "sending" | "stored" | "left" | "failed" | "cancelled";

/** A file on its way into the feed. */
export interface Upload {
  key: number;
  file: File;
  overwrite: Overwrite;
  state: UploadState;
  /** How much has gone, from 0 to 1. */
  share: number;
  pushed: Pushed | null;
  error: unknown;
}

export type Event =
  | { kind: "added"; uploads: readonly Upload[] }
  | { kind: "started"; key: number }
  | { kind: "went"; key: number; share: number }
  | { kind: "stored"; key: number; pushed: Pushed }
  | { kind: "failed"; key: number; error: unknown }
  | { kind: "cancelled"; key: number }
  /** Once more, from its beginning. */
  | { kind: "again"; key: number; overwrite?: Overwrite }
  | { kind: "cleared" };

let lastKey = 0;

export function uploadOf(file: File, overwrite: Overwrite): Upload {
  lastKey += 1;
  return { key: lastKey, file, overwrite, state: "waiting", share: 0, pushed: null, error: null };
}

/** What becomes of the queue; what ended is changed only by asking for it once more. */
export function after(queue: readonly Upload[], event: Event): readonly Upload[] {
  switch (event.kind) {
    case "added":
      return [...queue, ...event.uploads];
    case "cleared":
      return queue.filter((one) => !hasEnded(one));
    case "again":
      return changed(queue, event.key, (one) =>
        hasEnded(one)
          ? { ...one, state: "waiting", share: 0, error: null, overwrite: event.overwrite ?? one.overwrite }
          : one,
      );
    default:
      return changed(queue, event.key, (one) => (hasEnded(one) ? one : moved(one, event)));
  }
}

function moved(one: Upload, event: Event): Upload {
  switch (event.kind) {
    case "started":
      return { ...one, state: "sending" };
    case "went":
      return { ...one, share: event.share };
    case "stored":
      return { ...one, state: event.pushed.isNew ? "stored" : "left", share: 1, pushed: event.pushed };
    case "failed":
      return { ...one, state: "failed", error: event.error };
    case "cancelled":
      return { ...one, state: "cancelled" };
    default:
      return one;
  }
}

function changed(queue: readonly Upload[], key: number, change: (one: Upload) => Upload): readonly Upload[] {
  return queue.map((one) => (one.key === key ? change(one) : one));
}

export function hasEnded({ state }: Pick<Upload, "state">): boolean {
  return state !== "waiting" && state !== "sending";
}

/** The next to be sent; one at a time, in their order. */
export function nextOf(queue: readonly Upload[]): Upload | undefined {
  if (queue.some((one) => one.state === "sending")) return undefined;
  return queue.find((one) => one.state === "waiting");
}

/** Whether it was refused only because the feed has the version. */
export function isThere({ error }: Pick<Upload, "error">): boolean {
  return error instanceof ApiError && error.status === 409;
}

/** How it stands, in words: `3 of 5 files stored, 1 refused`. */
export function summaryOf(queue: readonly Upload[]): string {
  const count = (...states: UploadState[]) => queue.filter((one) => states.includes(one.state)).length;
  const parts = [`${count("stored", "left")} of ${queue.length === 1 ? "1 file" : `${queue.length} files`} stored`];
  if (count("failed") > 0) parts.push(`${count("failed")} refused`);
  if (count("cancelled") > 0) parts.push(`${count("cancelled")} cancelled`);
  return parts.join(", ");
}
