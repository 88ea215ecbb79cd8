import type { Shape } from "@/api/client";

type Missing = Shape<"TenantsMissingVariables">;

/** One value that a tenant lacks: of a project's template in an environment, or of a library set's once. */
export interface Lack {
  key: string;
  tenant: string;
  variable: string;
  project: string | null;
  environment: string | null;
  set: string | null;
}

export function lacksOf(missing: readonly Missing[]): Lack[] {
  return missing.flatMap(({ TenantId, MissingVariables = [] }) =>
    MissingVariables.map((one) => ({
      key: [TenantId, one.ProjectId, one.EnvironmentId, one.LibraryVariableSetId, one.VariableTemplateId].join("/"),
      tenant: TenantId,
      variable: one.VariableTemplateName,
      project: one.ProjectId ?? null,
      environment: one.EnvironmentId ?? null,
      set: one.LibraryVariableSetId ?? null,
    })),
  );
}

/** How many values each of the tenants lacks, those that lack most first. */
export function countsOf(missing: readonly Missing[], tenants: ReadonlySet<string> | null): [string, number][] {
  return missing
    .filter((one) => tenants === null || tenants.has(one.TenantId))
    .map((one): [string, number] => [one.TenantId, one.MissingVariables?.length ?? 0])
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one);
}
