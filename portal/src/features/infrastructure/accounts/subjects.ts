/** The subject of the tokens that this server issues for an account: what the other side is told to trust. */

export const PURPOSES = [
  { field: "DeploymentSubjectKeys", purpose: "deployment", label: "Deployments and runbooks" },
  { field: "HealthCheckSubjectKeys", purpose: "health", label: "Health checks" },
  { field: "AccountTestSubjectKeys", purpose: "test", label: "Trying the account out" },
] as const;
export type Purpose = (typeof PURPOSES)[number]["purpose"];

/** In the order in which they always stand. */
const PARTS = ["space", "project", "runbook", "tenant", "environment", "target", "account", "type"];

export const PARTS_OF: Record<Purpose, readonly string[]> = {
  deployment: ["space", "project", "runbook", "tenant", "environment", "account", "type"],
  health: ["space", "target", "account", "type"],
  test: ["space", "account", "type"],
};

const USUAL: Record<Purpose, readonly string[]> = {
  deployment: ["space", "project", "tenant", "environment"],
  health: ["space", "target"],
  test: ["space", "account"],
};

/** As it will be; what is not known before the work begins stands as `[project]`. */
export function subjectPattern(
  keys: readonly string[] | null | undefined,
  purpose: Purpose,
  slugs: Record<string, string | undefined>,
): string {
  const chosen = (keys ?? []).map((key) => key.trim().toLowerCase());
  const wanted = new Set(chosen.length > 0 ? chosen : USUAL[purpose]);
  const known: Record<string, string | undefined> = { ...slugs, type: purpose };
  return PARTS.filter((part) => wanted.has(part) && PARTS_OF[purpose].includes(part))
    .map((part) => `${part}:${known[part] || `[${part}]`}`)
    .join(":");
}
