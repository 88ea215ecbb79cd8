import type { Permission } from "./roles-api";

export interface Area {
  name: string;
  permissions: Permission[];
}

/** What each area is about, by how the names of its permissions begin; the first that fits counts. */
const AREAS: readonly (readonly [string, RegExp])[] = [
  ["Runbooks", /^Runbook/],
  ["People", /^(?:Team|User)/],
  ["Tenants", /^(?:Tenant|TagSet)/],
  [
    "Library",
    /^(?:Feed|BuiltInFeed|BuildInformation|LibraryVariableSet|ActionTemplate|Lifecycle|GitCredential|Retention)/,
  ],
  [
    "Infrastructure",
    /^(?:Environment|Machine|Account|Certificate|Proxy|Worker|TargetTag|SshKnownHosts|DeployedResource)/,
  ],
  ["Deployments", /^(?:Release|Deployment(?!Freeze)|Defect|Artifact|Interruption|Task)/],
  ["Projects", /^(?:Project|Process|Variable|Trigger)/],
];
const REST = "Server";
const ORDER = ["Projects", "Deployments", "Runbooks", "Infrastructure", "Library", "Tenants", "People", REST];

export function areaOf(permission: string): string {
  return AREAS.find(([, pattern]) => pattern.test(permission))?.[0] ?? REST;
}

/** Those whose name or description has the words, by area; areas without any are left out. */
export function areasOf(permissions: readonly Permission[], words = ""): Area[] {
  const sought = words.trim().toLowerCase();
  const shown = permissions.filter((one) => `${one.Name} ${one.Description}`.toLowerCase().includes(sought));
  return ORDER.map((name) => ({ name, permissions: shown.filter((one) => areaOf(one.Name) === name) })).filter(
    (area) => area.permissions.length > 0,
  );
}
