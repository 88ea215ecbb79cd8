import cronstrue from "cronstrue";
import type { Stored } from "../crud";
import { secondsOf, UNITS, unitOf } from "./spans";

type Checks = NonNullable<Stored<"machinepolicies">["MachineHealthCheckPolicy"]>;

export type Way = "interval" | "cron" | "never";

export function wayOf(checks: Pick<Checks, "HealthCheckCron" | "HealthCheckInterval">): Way {
  if (checks.HealthCheckCron != null) return "cron";
  return checks.HealthCheckInterval == null ? "never" : "interval";
}

/** When machines are checked, as a phrase. */
export function scheduleWords(checks: Checks | undefined): string {
  if (!checks) return "";
  const way = wayOf(checks);
  if (way === "never") return "Never by itself";
  if (way === "cron") return cronWords(checks.HealthCheckCron ?? "") ?? `At ${checks.HealthCheckCron}`;
  const seconds = secondsOf(checks.HealthCheckInterval) ?? 0;
  const unit = unitOf(seconds);
  const number = seconds / unit;
  const word = UNITS.find((one) => Number(one.value) === unit)?.label ?? "seconds";
  return number === 1 ? `Every ${word.slice(0, -1)}` : `Every ${number} ${word}`;
}

/** What a cron expression means; null where it means nothing. */
export function cronWords(expression: string): string | null {
  try {
    return expression.trim() ? cronstrue.toString(expression, { use24HourTimeFormat: true }) : null;
  } catch {
    return null;
  }
}
