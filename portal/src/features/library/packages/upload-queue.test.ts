import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors";
import type { Pushed } from "./pushing";
import { after, type Event, isThere, nextOf, summaryOf, type Upload, uploadOf } from "./upload-queue";

const file = (name: string) => ({ name, size: 10 }) as File;
const pushed = (isNew: boolean) => ({ isNew }) as Pushed;

function queueAfter(events: (keys: number[]) => Event[], count = 2): readonly Upload[] {
  const uploads = Array.from({ length: count }, (_, index) => uploadOf(file(`A.${index}.zip`), "FailIfExists"));
  const keys = uploads.map((one) => one.key);
  return [{ kind: "added", uploads } as Event, ...events(keys)].reduce<readonly Upload[]>(after, []);
}

describe("the queue of uploads", () => {
  it("sends one at a time, in their order", () => {
    const waiting = queueAfter(() => []);
    expect(nextOf(waiting)?.file.name).toBe("A.0.zip");
    const sending = queueAfter(([first = 0]) => [{ kind: "started", key: first }]);
    expect(nextOf(sending)).toBeUndefined();
    const next = queueAfter(([first = 0]) => [
      { kind: "started", key: first },
      { kind: "stored", key: first, pushed: pushed(true) },
    ]);
    expect(nextOf(next)?.file.name).toBe("A.1.zip");
  });

  it.each<[string, (key: number) => Event[], string, number]>([
    ["what is new is stored", (key) => [{ kind: "stored", key, pushed: pushed(true) }], "stored", 1],
    ["what was there is left", (key) => [{ kind: "stored", key, pushed: pushed(false) }], "left", 1],
    ["a refusal is kept", (key) => [{ kind: "failed", key, error: new Error("no") }], "failed", 0.5],
    [
      "what was cancelled stays so, whatever its connection says later",
      (key) => [
        { kind: "cancelled", key },
        { kind: "failed", key, error: new Error("aborted") },
      ],
      "cancelled",
      0.5,
    ],
    [
      "once more begins anew",
      (key) => [
        { kind: "failed", key, error: new Error("no") },
        { kind: "again", key, overwrite: "OverwriteExisting" },
      ],
      "waiting",
      0,
    ],
  ])("%s", (_name, events, state, share) => {
    const [first] = queueAfter(([key = 0]) => [
      { kind: "started", key },
      { kind: "went", key, share: 0.5 },
      ...events(key),
    ]);
    expect([first?.state, first?.share]).toEqual([state, share]);
  });

  it("clears only what has ended, and sums up", () => {
    const events = ([first = 0, second = 0]: number[]): Event[] => [
      { kind: "failed", key: first, error: new ApiError(409, "It is there.") },
      { kind: "stored", key: second, pushed: pushed(true) },
    ];
    const queue = queueAfter(events, 3);
    expect(summaryOf(queue)).toBe("1 of 3 files stored, 1 refused");
    expect(queue.map(isThere)).toEqual([true, false, false]);
    expect(after(queue, { kind: "cleared" }).map((one) => one.file.name)).toEqual(["A.2.zip"]);
  });
});
