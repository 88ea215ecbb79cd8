import type { Values } from "@/components/prompts";
import type { Preview, RunParameters, RunPlace } from "./runs-api";

/** What somebody chose in the form for a run. */
export interface Plan {
  environments: string[];
  tenants: string[];
  tenantTags: string[];
  values: Values;
  skipped: readonly string[];
  guided: "default" | "on" | "off";
  targets: "all" | "only" | "except";
  machines: string[];
  at: string | null;
  until: string | null;
  isForced: boolean;
  comments: string;
}

export const NEW_PLAN: Plan = {
  environments: [],
  tenants: [],
  tenantTags: [],
  values: {},
  skipped: [],
  guided: "default",
  targets: "all",
  machines: [],
  at: null,
  until: null,
  isForced: false,
  comments: "",
};

/** More are not shown ahead: nobody reads them, and each is worked out by the server. */
export const MOST_PREVIEWS = 20;

/** Each environment with each tenant, or alone. Tenants that tags choose are the server's to find. */
export function placesOf({ environments, tenants }: Pick<Plan, "environments" | "tenants">): RunPlace[] {
  const whose = tenants.length > 0 ? tenants : [null];
  return environments.flatMap((EnvironmentId) => whose.map((TenantId) => ({ EnvironmentId, TenantId })));
}

/** The prompted values of all places, each once, with those that were entered over what the places begin with. */
export function formOf(previews: readonly Preview[]): Preview["Form"] {
  const elements = new Map<string, NonNullable<Preview["Form"]>["Elements"][number]>();
  const Values: Record<string, string | null> = {};
  for (const { Form } of previews) {
    for (const element of Form?.Elements ?? []) {
      if (!elements.has(element.Name)) Values[element.Name] = Form?.Values[element.Name] ?? "";
      elements.set(element.Name, element);
    }
  }
  return elements.size > 0 ? { Elements: [...elements.values()], Values } : null;
}

/** What is sent. Without a snapshot the runbook runs as it is now. */
export function parametersOf(plan: Plan, snapshot: string | null): Partial<RunParameters> {
  const only = plan.targets === "only" ? plan.machines : [];
  const except = plan.targets === "except" ? plan.machines : [];
  return {
    RunbookSnapshotNameOrId: snapshot,
    UseDefaultSnapshot: false,
    EnvironmentIds: plan.environments,
    TenantIds: plan.tenants,
    TenantTagNames: plan.tenantTags,
    FormValues: plan.values,
    SkipActions: [...plan.skipped],
    SpecificMachineIds: only,
    ExcludedMachineIds: except,
    UseGuidedFailure: plan.guided === "default" ? null : plan.guided === "on",
    QueueTime: plan.at,
    QueueTimeExpiry: plan.at && plan.until,
    ForcePackageDownload: plan.isForced,
    Comments: plan.comments || null,
  };
}

/** Why the form cannot be sent, as far as that can be told here. */
export function barredBy(plan: Plan, needsTenant: boolean): string | null {
  if (plan.environments.length === 0) return "Choose an environment.";
  const hasTenant = plan.tenants.length > 0 || plan.tenantTags.length > 0;
  if (needsTenant && !hasTenant) return "Choose a tenant: this runbook runs for tenants only.";
  if (plan.targets !== "all" && plan.machines.length === 0) return "Choose the targets, or take all of them.";
  if (plan.at && plan.until && plan.until <= plan.at) return "It cannot expire before it begins.";
  return null;
}
