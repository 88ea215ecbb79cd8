/** What a person asks for in the script console, and the arguments of the task that does it. */

export type Aim = "Machines" | "Environments" | "Workers" | "WorkerPools" | "OctopusServer";

export interface Wish {
  Aim: Aim;
  MachineIds: string[];
  EnvironmentIds: string[];
  TargetRoles: string[];
  TenantIds: string[];
  WorkerIds: string[];
  WorkerPoolIds: string[];
  Syntax: string;
  ScriptBody: string;
  Description: string;
}

export const NEW_SCRIPT: Wish = {
  Aim: "Machines",
  MachineIds: [],
  EnvironmentIds: [],
  TargetRoles: [],
  TenantIds: [],
  WorkerIds: [],
  WorkerPoolIds: [],
  Syntax: "Bash",
  ScriptBody: "",
  Description: "",
};

export const AIMS: { value: Aim; label: string }[] = [
  { value: "Machines", label: "Targets by name" },
  { value: "Environments", label: "Targets by environment and tag" },
  { value: "Workers", label: "Workers by name" },
  { value: "WorkerPools", label: "All workers of pools" },
  { value: "OctopusServer", label: "This server" },
];

export const SYNTAXES = ["Bash", "PowerShell", "Python", "CSharp", "FSharp"].map((value) => ({
  value,
  label: { CSharp: "C#", FSharp: "F#" }[value] ?? value,
}));

/** Only what the aim is about is sent: what was chosen for another one means nothing. */
export function argumentsOf(wish: Wish): Record<string, unknown> {
  const where: Record<Aim, Record<string, unknown>> = {
    Machines: { MachineIds: wish.MachineIds },
    Environments: { EnvironmentIds: wish.EnvironmentIds, TargetRoles: wish.TargetRoles, TenantIds: wish.TenantIds },
    Workers: { WorkerIds: wish.WorkerIds },
    WorkerPools: { WorkerPoolIds: wish.WorkerPoolIds },
    OctopusServer: {},
  };
  return { TargetType: wish.Aim, ...where[wish.Aim], Syntax: wish.Syntax, ScriptBody: wish.ScriptBody };
}

/** As it follows "say"; empty when nothing is missing. */
export function missingIn(wish: Wish): string {
  if (!isAimed(wish)) return "where it is to run";
  return wish.ScriptBody.trim() === "" ? "what it is to do" : "";
}

function isAimed(wish: Wish): boolean {
  switch (wish.Aim) {
    case "Machines":
      return wish.MachineIds.length > 0;
    case "Environments":
      return wish.EnvironmentIds.length + wish.TargetRoles.length + wish.TenantIds.length > 0;
    case "Workers":
      return wish.WorkerIds.length > 0;
    case "WorkerPools":
      return wish.WorkerPoolIds.length > 0;
    case "OctopusServer":
      return true;
  }
}

export function permissionFor({ Aim: aim, EnvironmentIds }: Wish, space: string) {
  if (aim === "OctopusServer") return { permission: "AdministerSystem" };
  if (aim === "Workers" || aim === "WorkerPools") return { permission: "WorkerEdit", space };
  return { permission: "MachineEdit", space, environment: aim === "Environments" ? EnvironmentIds[0] : undefined };
}
