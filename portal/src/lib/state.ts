/** What people need to know of a task or a step at a glance; each has one colour, one icon, one word everywhere. */
export type Condition =
  | "success"
  | "warning"
  | "failed"
  | "running"
  | "waiting"
  | "scheduled"
  | "queued"
  | "cancelling"
  | "cancelled"
  | "skipped"
  | "pending";

interface TaskState {
  State: string;
  HasPendingInterruptions?: boolean;
  HasWarningsOrErrors?: boolean;
  QueueTime?: string | null;
  StartTime?: string | null;
}

/** Whether it waits for a time that is set, and not for its turn. */
export function isScheduled(task: TaskState, now = Date.now()): boolean {
  return task.State === "Queued" && !task.StartTime && Date.parse(task.QueueTime ?? "") > now;
}

export function conditionOfTask(task: TaskState): Condition {
  switch (task.State) {
    case "Queued":
      return isScheduled(task) ? "scheduled" : "queued";
    case "Executing":
      return task.HasPendingInterruptions ? "waiting" : "running";
    case "Cancelling":
      return "cancelling";
    case "Canceled":
      return "cancelled";
    case "Failed":
    case "TimedOut":
      return "failed";
    default:
      return task.HasWarningsOrErrors ? "warning" : "success";
  }
}

const OF_NODE: Record<string, Condition> = {
  Success: "success",
  SuccessWithWarning: "warning",
  Failed: "failed",
  Running: "running",
  Skipped: "skipped",
  Canceled: "cancelled",
  Pending: "pending",
};

export function conditionOfNode(status: string): Condition {
  return OF_NODE[status] ?? "pending";
}

export const WORDS: Record<Condition, string> = {
  success: "Succeeded",
  warning: "Succeeded with warnings",
  failed: "Failed",
  running: "Running",
  waiting: "Waiting for a person",
  scheduled: "Scheduled",
  queued: "Queued",
  cancelling: "Cancelling",
  cancelled: "Cancelled",
  skipped: "Skipped",
  pending: "Not started",
};

const ACTIVE = new Set<Condition>(["running", "waiting", "scheduled", "queued", "cancelling"]);

export function isActive(condition: Condition): boolean {
  return ACTIVE.has(condition);
}
