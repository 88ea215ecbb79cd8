import type { Shape } from "@/api/client";

/** How much is kept, wherever it is said: by a space, a lifecycle, a phase or a runbook. */
export interface Kept {
  Strategy: "" | "Default" | "Forever" | "Count";
  QuantityToKeep: number;
  Unit: "Days" | "Items";
  ShouldKeepForever: boolean;
}

/** The choices a person has; the API writes "as the one above says" as no policy or as the strategy Default. */
export type Choice = "Default" | "Forever" | "Count";

export function choiceOf(kept: Pick<Kept, "Strategy" | "ShouldKeepForever"> | null): Choice {
  if (kept === null || kept.Strategy === "Default") return "Default";
  if (kept.Strategy === "") return kept.ShouldKeepForever ? "Forever" : "Count";
  return kept.Strategy;
}

/** What is kept, in words: `the last 5 releases`, `30 days`, `everything`; `items` names one and many of them. */
export function keptWords(kept: Amount, items: readonly [string, string]): string {
  if (kept.Strategy === "Forever") return "everything";
  const count = kept.QuantityToKeep ?? 0;
  if (kept.Unit === "Items") return count === 1 ? `the last ${items[0]}` : `the last ${count} ${items[1]}`;
  return count === 1 ? "1 day" : `${count} days`;
}

type Amount = Pick<Shape<"SpaceDefaultRetentionPolicy">, "Strategy" | "QuantityToKeep" | "Unit">;

/** The policy for a choice; amounts stay what they were. */
export function keptOf(choice: Choice, old: Kept | null, first: Pick<Kept, "QuantityToKeep" | "Unit">): Kept {
  const hasAmount = old !== null && old.QuantityToKeep > 0;
  return {
    QuantityToKeep: hasAmount ? old.QuantityToKeep : first.QuantityToKeep,
    Unit: hasAmount ? old.Unit : first.Unit,
    Strategy: choice,
    ShouldKeepForever: choice === "Forever",
  };
}
