import type { Deployment } from "./api";

/** The newest deployment of each place, by `environment/tenant`. */
export function newestByPlace<T extends Pick<Deployment, "EnvironmentId" | "TenantId" | "Created">>(
  deployments: readonly T[],
): Map<string, T> {
  const found = new Map<string, T>();
  for (const one of deployments) {
    const key = `${one.EnvironmentId}/${one.TenantId ?? ""}`;
    const known = found.get(key);
    if (!known || (one.Created ?? "") > (known.Created ?? "")) found.set(key, one);
  }
  return found;
}
