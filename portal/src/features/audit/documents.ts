import { screenOf } from "@/lib/deeplinks";

/** Where documents are shown, by how their ids begin: the form of address that clients and chat messages carry. */
const OF_SPACE: readonly (readonly [RegExp, (id: string) => string])[] = [
  [/^Projects-/i, (id) => `projects/${id}`],
  [/^variableset-(Projects-\d+)/i, (id) => `projects/${id.match(/Projects-\d+/i)?.[0]}/variables`],
  [/^deploymentprocess-(Projects-\d+)/i, (id) => `projects/${id.match(/Projects-\d+/i)?.[0]}/process`],
  [/^Deployments-/i, (id) => `deployments/${id}`],
  [/^Releases-/i, (id) => `releases/${id}`],
  [/^ServerTasks-/i, (id) => `tasks/${id}`],
  [/^Machines-/i, (id) => `infrastructure/machines/${id}`],
  [/^Environments-/i, (id) => `infrastructure/environments/${id}`],
  [/^Tenants-/i, (id) => `tenants/${id}`],
];
const OF_SERVER: readonly (readonly [RegExp, (id: string) => string])[] = [
  [/^Users-/i, (id) => `/app/users/${id}`],
  [/^Teams-/i, (id) => `/app/teams/${id}`],
  [/^userroles-/i, (id) => `/app/roles/${id}`],
  [/^Spaces-/i, (id) => `/app/spaces/${id}`],
  [/^configuration-/i, (id) => `/app/settings/${id.slice("configuration-".length)}`],
];

/** The address of the screen of a document; null for what has none of its own. */
export function screenOfDocument(id: string, space: string): string | null {
  const ofServer = OF_SERVER.find(([pattern]) => pattern.test(id));
  if (ofServer) return ofServer[1](id);
  const ofSpace = OF_SPACE.find(([pattern]) => pattern.test(id));
  return ofSpace ? screenOf(`#/${space}/${ofSpace[1](id)}`, space) : null;
}
