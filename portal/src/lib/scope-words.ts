import type { Shape } from "@/api/client";

type Scope = Shape<"VariableScope">;
type Names = Shape<"VariableScopeValues">;
type Named = { Id: string; Name: string };

/** Where a value holds, in words, dimension by dimension; ids that have no name any more stay ids. */
export function scopeWords(scope: Scope | undefined, names: Names | undefined): string[] {
  if (!scope) return [];
  const named = (ids: readonly string[] | undefined, list: readonly Named[] | undefined) =>
    (ids ?? []).map((id) => list?.find((one) => one.Id === id)?.Name ?? id);
  return [
    ...named(scope.Environment, names?.Environments),
    ...named(scope.Role, names?.Roles),
    ...named(scope.Machine, names?.Machines),
    ...named(scope.Action, names?.Actions),
    ...named(scope.Channel, names?.Channels),
    ...named(scope.ProcessOwner, names?.Processes),
    ...named(scope.TenantTag, names?.TenantTags),
  ];
}
