import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type Tenant, tenantQuery } from "./api";

/** The tenant of the tab that is shown; the frame shows tabs only when it is there. */
export function useTenant(): { space: string; tenant: Tenant } {
  const { space, tenant: named } = useParams({ from: "/shell/app/$space/tenants/$tenant" });
  const { data } = useQuery(tenantQuery(space, named));
  if (!data) throw new Error("A tab of a tenant is shown only within its frame.");
  return { space, tenant: data };
}
