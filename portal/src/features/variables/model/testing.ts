import { ScopeNames } from "./scope";
import { newVariable, type Scope, type ScopeValues, type Variable } from "./variable";

/** Variables and names for the tests of the rules. */
export function variable(
  id: string,
  given: Omit<Partial<Variable>, "Scope"> & { Scope?: Partial<Scope> } = {},
): Variable {
  return { ...newVariable({ ...given, Scope: (given.Scope ?? {}) as Scope }), Name: given.Name ?? "Host", Id: id };
}

const named = (...names: string[]) => names.map((Name) => ({ Id: Name.toLowerCase(), Name }));

export const VALUES: ScopeValues = {
  Environments: named("Test", "Production"),
  Roles: named("web", "db"),
  Machines: named("web-1"),
  Actions: named("Deploy"),
  Channels: named("Hotfix"),
  TenantTags: [{ Id: "Ring/Early", Name: "Ring/Early" }],
  Processes: [{ Id: "Projects-1", Name: "Deployment process", ProcessType: "Deployment" }],
};

export const NAMES = new ScopeNames(VALUES);
