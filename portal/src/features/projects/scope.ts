import type { Shape } from "@/api/client";

export type ScopeNames = Shape<"VariableScopeValues">;
type Scope = Shape<"VariableScope">;
type Named = { Id: string; Name: string };

/** A variable's scope in words, dimension by dimension; ids that have no name stay ids. */
export function scopeWords(scope: Scope | undefined, names: ScopeNames | undefined): string[] {
  if (!scope) return [];
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
  ];
}
