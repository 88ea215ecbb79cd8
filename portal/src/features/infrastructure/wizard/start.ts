import type { Endpoint } from "../endpoints/starts";
import type { Machine, Realm } from "../machines/realm";

/** What the form of a new machine begins with. What is left out, the API fills in. */
export function newMachine(realm: Realm, endpoint: Endpoint, name = ""): Machine {
  const shared = { Name: name, MachinePolicyId: "", Endpoint: endpoint };
  const places =
    realm.kind === "workers"
      ? { WorkerPoolIds: [] }
      : {
          EnvironmentIds: [],
          Roles: [],
          TenantedDeploymentParticipation: "Untenanted",
          TenantIds: [],
          TenantTags: [],
        };
  return { ...shared, ...places } as unknown as Machine;
}
