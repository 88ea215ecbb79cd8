import { DAYS } from "@/lib/days";
import type { Condition } from "@/lib/state";
import type { Freeze, Schedule } from "./api";

/** The time that is going on, or the next one; of a freeze that comes once, its only one. */
export function spanOf(freeze: Freeze): { begins: string; ends: string } {
  const { StartDate = null, EndDate = null } = freeze.RecurringSchedule ?? {};
  return { begins: StartDate ?? freeze.Start ?? "", ends: EndDate ?? freeze.End ?? "" };
}

export function stateOf(freeze: Freeze, now: number): { of: Condition; word: string } {
  if (freeze.FinalEnd !== null && Date.parse(freeze.FinalEnd) <= now) return { of: "skipped", word: "Over" };
  const { begins, ends } = spanOf(freeze);
  const holds = Date.parse(begins) <= now && now < Date.parse(ends);
  return holds ? { of: "waiting", word: "Holds now" } : { of: "scheduled", word: "To come" };
}

const UNITS = { Daily: "day", Weekly: "week", Monthly: "month", Annually: "year" } as const;
const NTH: Record<string, string> = { "1": "first", "2": "second", "3": "third", "4": "fourth", L: "last" };

/** When a freeze comes again, in words. */
export function scheduleWords(schedule: Schedule | null): string {
  if (schedule === null) return "Once";
  const unit = UNITS[schedule.Type];
  const every = schedule.Unit === 1 ? `Every ${unit}` : `Every ${schedule.Unit} ${unit}s`;
  return [every, onWords(schedule), untilWords(schedule)].filter(Boolean).join(" ");
}

function onWords(schedule: Schedule): string {
  if (schedule.Type === "Weekly") {
    const days = DAYS.filter((day) => schedule.DaysOfWeek?.includes(day));
    return days.length > 0 ? `on ${days.join(", ")}` : "";
  }
  if (schedule.Type !== "Monthly") return "";
  if (schedule.MonthlyScheduleType === "DayOfMonth") {
    return `on the ${NTH[schedule.DayNumberOfMonth ?? ""] ?? "?"} ${schedule.DayOfWeek ?? "day"}`;
  }
  return schedule.DateOfMonth === "L" ? "on the last day" : `on day ${schedule.DateOfMonth ?? "?"}`;
}

function untilWords(schedule: Schedule): string {
  if (schedule.EndType === "AfterOccurrences") return `, ${schedule.EndAfterOccurrences ?? "?"} times`;
  if (schedule.EndType === "OnDate" && schedule.EndOnDate) return `until ${schedule.EndOnDate.slice(0, 10)}`;
  return "";
}

export function newFreeze(): Freeze {
  return {
    Id: "",
    LastModifiedOn: null,
    LastModifiedBy: null,
    Links: {},
    Name: "",
    Description: "",
    Start: null,
    End: null,
    OwnerId: "",
    ProjectEnvironmentScope: {},
    TenantProjectEnvironmentScope: [],
    RecurringSchedule: null,
    FinalEnd: null,
  };
}

/** A schedule of a type, keeping what the types share. */
export function scheduleOf(type: Schedule["Type"], old: Schedule | null, offset: number): Schedule {
  return {
    Type: type,
    Unit: old?.Unit ?? 1,
    UserUtcOffsetInMinutes: old?.UserUtcOffsetInMinutes ?? offset,
    EndType: old?.EndType ?? "Never",
    EndOnDate: old?.EndOnDate ?? null,
    EndAfterOccurrences: old?.EndAfterOccurrences ?? null,
    DaysOfWeek: type === "Weekly" ? (old?.DaysOfWeek ?? ["Friday"]) : null,
    MonthlyScheduleType: type === "Monthly" ? "DateOfMonth" : null,
    DateOfMonth: type === "Monthly" ? "1" : null,
    DayNumberOfMonth: null,
    DayOfWeek: null,
    StartDate: null,
    EndDate: null,
  };
}

/** `UTC+2`, as the clock of a schedule goes: it does not follow summer time. */
export function offsetWords(minutes: number): string {
  const [sign, size] = [minutes < 0 ? "-" : "+", Math.abs(minutes)];
  if (size === 0) return "UTC";
  const rest = size % 60 ? `:${String(size % 60).padStart(2, "0")}` : "";
  return `UTC${sign}${Math.floor(size / 60)}${rest}`;
}
