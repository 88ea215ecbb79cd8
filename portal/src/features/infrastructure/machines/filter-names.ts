/** What lists of machines can be narrowed by, as it stands in the address. */
export const MACHINE_FILTERS = [
  "environment",
  "tag",
  "health",
  "kind",
  "pool",
  "policy",
  "tenant",
  "tenantTag",
  "disabled",
  "shell",
] as const;
export type MachineFilter = (typeof MACHINE_FILTERS)[number];
