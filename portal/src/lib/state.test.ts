import { describe, expect, it } from "vitest";
import { conditionOfTask, isActive } from "./state";

const LATER = new Date(Date.now() + 3_600_000).toISOString();

describe("how a task stands", () => {
  it.each([
    [{ State: "Queued" }, "queued"],
    [{ State: "Queued", QueueTime: "2020-01-01T00:00:00Z" }, "queued"],
    [{ State: "Queued", QueueTime: LATER }, "scheduled"],
    [{ State: "Queued", QueueTime: LATER, StartTime: "2020-01-01T00:00:00Z" }, "queued"],
    [{ State: "Executing", HasPendingInterruptions: true }, "waiting"],
    [{ State: "TimedOut" }, "failed"],
    [{ State: "Success", HasWarningsOrErrors: true }, "warning"],
  ])("is said of %o", (task, condition) => {
    expect(conditionOfTask(task)).toBe(condition);
  });

  it("is under way while it waits for its time", () => {
    expect(isActive("scheduled")).toBe(true);
    expect(isActive("cancelled")).toBe(false);
  });
});
