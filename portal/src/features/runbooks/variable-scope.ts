import type { Variables } from "./snapshots-api";

type Variable = Variables["Variables"][number];
type Named = { Id: string; Name: string };

/** A variable's scope in one line; ids that have no name stay ids. */
export function scopeWords({ Scope: scope }: Variable, { ScopeValues: names }: Variables): string {
  if (!scope) return "";
  const named = (ids: string[] | undefined, list: Named[] | undefined) =>
    (ids ?? []).map((id) => list?.find((one) => one.Id === id)?.Name ?? id);
  return [
    ...named(scope.Environment, names?.Environments),
    ...named(scope.Role, names?.Roles),
    ...named(scope.Machine, names?.Machines),
    ...named(scope.Action, names?.Actions),
    ...named(scope.Channel, names?.Channels),
    ...named(scope.ProcessOwner, names?.Processes),
    ...named(scope.TenantTag, names?.TenantTags),
  ].join(", ");
}
