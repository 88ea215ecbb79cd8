import { useMutation, useQuery } from "@tanstack/react-query";
import { answer, api, body, type Shape } from "@/api/client";
import { meQuery, spacesQuery } from "@/api/session";
import { useNames } from "@/api/things";
import { entranceQuery } from "../entrance";
import type { Machine, Realm, Target, Worker } from "../machines/realm";
import type { Finding } from "./agent-wizard";
import { type AgentWish, USUAL_COMMS_PORT } from "./commands";

interface Given {
  realm: Realm;
  space: string;
  listens: boolean;
  machine: Machine;
  finding: Finding;
  asService: boolean;
  apiKey: string | null;
}

/** What the command says, in names; or what is missing for it, in words. */
export function useAgentWish(given: Given): { wish: AgentWish | null; missing: string } {
  const { space, machine } = given;
  const { EnvironmentIds = [], Roles = [], TenantIds = [], TenantTags = [] } = machine as Partial<Target>;
  const { WorkerPoolIds = [] } = machine as Partial<Worker>;
  const entrance = useQuery(entranceQuery).data;
  const here = useQuery(spacesQuery).data?.find((one) => one.Id === space);
  const environment = useNames("environments", space, EnvironmentIds);
  const pool = useNames("workerpools", space, WorkerPoolIds);
  const tenant = useNames("tenants", space, TenantIds);
  const policy = useNames("machinepolicies", space, machine.MachinePolicyId ? [machine.MachinePolicyId] : []);
  const missing = missingIn(given);
  if (missing || !entrance || !here) return { wish: null, missing: missing || "all of it" };
  const wish: AgentWish = {
    server: window.location.origin,
    thumbprint: entrance.Thumbprint,
    comms: { host: window.location.hostname, port: entrance.Port || USUAL_COMMS_PORT },
    space: here.IsDefault ? null : here.Name,
    name: machine.Name.trim(),
    mode: given.listens ? "listening" : "polling",
    publicHost: given.finding.PublicHost.trim(),
    port: given.finding.Port.trim(),
    pools: WorkerPoolIds.map(pool),
    environments: EnvironmentIds.map(environment),
    roles: Roles,
    tenants: TenantIds.map(tenant),
    tenantTags: TenantTags,
    participation: (machine as Partial<Target>).TenantedDeploymentParticipation ?? "Untenanted",
    policy: machine.MachinePolicyId ? policy(machine.MachinePolicyId) : null,
    apiKey: given.apiKey,
    asService: given.asService,
  };
  return { wish, missing: "" };
}

/** As it follows "when you have entered". */
export function missingIn({
  realm,
  listens,
  machine,
  finding,
}: Pick<Given, "realm" | "listens" | "machine" | "finding">) {
  const { EnvironmentIds = [], Roles = [] } = machine as Partial<Target>;
  const { WorkerPoolIds = [] } = machine as Partial<Worker>;
  const isWorker = realm.kind === "workers";
  const wanted: [boolean, string][] = [
    [machine.Name.trim() === "", "a name"],
    [!isWorker && EnvironmentIds.length === 0, "an environment"],
    [!isWorker && Roles.length === 0, "a tag"],
    [isWorker && WorkerPoolIds.length === 0, "a worker pool"],
    [listens && finding.PublicHost.trim() === "", "the machine's address"],
    [listens && !/^\d{1,5}$/.test(finding.Port.trim()), "its port"],
  ];
  const words = wanted.filter(([isMissing]) => isMissing).map(([, word]) => word);
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

const DAY = 86_400_000;

/** An API key of the user that lives for a day. It is in memory only, and in the command. */
export function useFreshKey(name: string) {
  const me = useQuery(meQuery).data;
  const making = useMutation({
    mutationFn: () => {
      const given = { Purpose: `Register ${name.trim()}`, Expires: new Date(Date.now() + DAY).toISOString() };
      const params = { path: { id: me?.Id ?? "" } };
      return answer(api.POST("/api/users/{id}/apikeys", { params, body: body<Shape<"NewApiKey">>(given) }));
    },
  });
  return {
    apiKey: making.data?.ApiKey ?? null,
    expires: making.data?.Expires ?? null,
    isPending: making.isPending,
    error: making.error,
    make: () => making.mutate(),
  };
}
