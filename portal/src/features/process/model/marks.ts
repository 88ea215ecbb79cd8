import { type Action, isParent, type Step } from "./document";
import { whereOf } from "./kinds";
import { flagIn, isBound, listIn, ROLES, RUN_ON_SERVER, textIn, WINDOW } from "./properties";

/** Names for ids, as the screen knows them. */
export interface Namings {
  environment: (id: string) => string;
  channel: (id: string) => string;
}

/** Where a step runs, in some words. */
export function placeWords(step: Step, action: Action | undefined): string {
  const tags = listIn(step.Properties, ROLES);
  const targets = tags.length === 0 ? "" : isBound(tags.join()) ? tags.join(", ") : tags.join(", ");
  if (!action) return targets ? `On ${targets}` : "Once, without targets";
  const where = whereOf(action.ActionType);
  if (where === "server") return action.ActionType === "Octopus.HealthCheck" ? `Checks ${targets}` : "On the server";
  const isWorkers = where === "worker" || (where !== "target" && flagIn(action.Properties, RUN_ON_SERVER));
  if (!isWorkers) return targets ? `On ${targets}` : "On targets: none is named yet";
  return targets ? `On a worker, for each of ${targets}` : "Once, on a worker";
}

export interface Mark {
  word: string;
  tone: "idle" | "waiting" | "running" | "brand";
}

const CONDITIONS: Record<string, string> = {
  Failure: "On failure",
  Always: "Always",
  Variable: "Conditional",
};

/** What is special about a step, in the list: few words each. */
export function marksOf(step: Step, child: number | null, naming: Namings): Mark[] {
  const isWhole = child === null;
  const action = step.Actions[child ?? 0];
  if (!action) return [];
  const found: (Mark | false)[] = [];
  if (isWhole && isParent(step)) {
    const window = textIn(step.Properties, WINDOW);
    found.push(window !== "" && { word: `Rolling, ${window} at a time`, tone: "brand" });
  }
  const condition = isWhole ? step.Condition : action.Condition;
  const word = CONDITIONS[condition];
  if (word) found.push({ word, tone: "waiting" });
  if (!(isWhole && isParent(step))) found.push(...actionMarks(action, naming));
  return found.filter((mark) => mark !== false);
}

function actionMarks(action: Action, naming: Namings): (Mark | false)[] {
  const { Environments, ExcludedEnvironments, Channels, TenantTags } = action;
  return [
    action.IsRequired && { word: "Required", tone: "idle" },
    Environments.length > 0 && { word: `Only ${few(Environments.map(naming.environment))}`, tone: "idle" },
    ExcludedEnvironments.length > 0 && {
      word: `Not ${few(ExcludedEnvironments.map(naming.environment))}`,
      tone: "idle",
    },
    Channels.length > 0 && { word: `Channel ${few(Channels.map(naming.channel))}`, tone: "idle" },
    TenantTags.length > 0 && { word: few(TenantTags), tone: "idle" },
  ];
}

/** The first two of some names, and how many more there are. */
export function few(names: readonly string[]): string {
  const shown = names.slice(0, 2).join(", ");
  return names.length > 2 ? `${shown} +${names.length - 2}` : shown;
}
