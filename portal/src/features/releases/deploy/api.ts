import {
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { answer, api, body, EVERYTHING, type Shape } from "@/api/client";
import type { DeploymentPreview, Release } from "../api";
import { keyOfPlace, type Options, type Place } from "./wish";

type Command = Shape<"CreateTenantedDeploymentsV1">;
type Form = Shape<"Form">;

/** The tag sets whose tags tenants can have. */
export const tenantTagsQuery = (space: string) =>
  queryOptions({
    queryKey: ["tag-sets", space, "tenant"],
    queryFn: async () => {
      const query = { scopes: "Tenant" };
      return await answer(api.GET("/api/{space}/tagsets/all", { params: { path: { space }, query } }));
    },
    staleTime: 60_000,
  });

/** The ids of a project's tenants that the tags choose: any tag of a set, all of the sets. */
export function useTagged(space: string, projectId: string, tags: readonly string[]): ReadonlySet<string> {
  const found = useQuery({
    queryKey: ["tenants", space, "tagged", projectId, [...tags].sort()],
    queryFn: async () => {
      const query = { projectId, tags: tags.join(","), ...EVERYTHING };
      return (await answer(api.GET("/api/{space}/tenants", { params: { path: { space }, query } }))).Items;
    },
    enabled: tags.length > 0,
    placeholderData: keepPreviousData,
    select: (items) => new Set(items.map((one) => one.Id)),
  });
  return tags.length > 0 ? (found.data ?? NOBODY) : NOBODY;
}

const NOBODY: ReadonlySet<string> = new Set();
const AT_ONCE = 20;
/** So many places are looked at before; the server looks at all of them when it is asked to deploy. */
export const LOOKED_AT = 200;

/** What the deployments to the places would do, by `keyOfPlace`; asked for in portions. */
export function usePreviews(space: string, release: string, places: readonly Place[]) {
  const wanted = places.slice(0, LOOKED_AT);
  const portions = Array.from({ length: Math.ceil(wanted.length / AT_ONCE) }, (_, index) =>
    wanted.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
  const queries = useQueries({ queries: portions.map((portion) => portionQuery(space, release, portion)) });
  const found = new Map<string, DeploymentPreview>();
  for (const query of queries) for (const [key, preview] of query.data ?? []) found.set(key, preview);
  return {
    found,
    isRead: queries.every((query) => query.isSuccess),
    error: queries.find((query) => query.isError)?.error ?? null,
    retry: () => {
      for (const query of queries) if (query.isError) void query.refetch();
    },
  };
}

const portionQuery = (space: string, release: string, portion: readonly Place[]) =>
  queryOptions({
    queryKey: ["deployment-preview", release, portion.map(keyOfPlace)],
    queryFn: async () => {
      const DeploymentPreviews = portion.map(({ environment, tenant }) => ({
        EnvironmentId: environment,
        TenantId: tenant,
        IncludeDisabledSteps: true,
      }));
      const given = body<Shape<"DeploymentPreviewRequests">>({ DeploymentPreviews, IncludeDisabledSteps: true });
      const params = { path: { space, id: release } };
      const previews = await answer(
        api.POST("/api/{space}/releases/{id}/deployments/previews", { params, body: given }),
      );
      return portion.map((place, index): [string, DeploymentPreview] => [
        keyOfPlace(place),
        previews[index] as DeploymentPreview,
      ]);
    },
    staleTime: 0,
  });

/** What all the places ask for, each value once. */
export function formOfAll(previews: Iterable<DeploymentPreview>): Form {
  const elements = new Map<string, Form["Elements"][number]>();
  const values: Form["Values"] = {};
  for (const { Form: form } of previews) {
    for (const element of form?.Elements ?? []) {
      if (elements.has(element.Name)) continue;
      elements.set(element.Name, element);
      values[element.Name] = form?.Values[element.Name] ?? null;
    }
  }
  return { Elements: [...elements.values()], Values: values };
}

export interface Wanted {
  release: Release;
  places: readonly Place[];
  skipped: readonly string[];
  values: Record<string, string>;
  options: Options;
  freezes: readonly string[];
  reason: string;
}

export interface Outcome {
  deployments: string[];
  /** What was refused, by the environments that it was refused for. */
  refusals: { environments: string[]; error: unknown }[];
}

const GUIDED = { usual: null, on: true, off: false } as const;

/** One command for what goes without tenants, and one for each environment for tenants: all of a command, or nothing. */
export function useDeployAll(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (wanted: Wanted): Promise<Outcome> => {
      const outcome: Outcome = { deployments: [], refusals: [] };
      for (const { environments, send } of commandsOf(space, wanted)) {
        try {
          const made = await send();
          outcome.deployments.push(...made.DeploymentServerTasks.map((one) => one.DeploymentId));
        } catch (error) {
          outcome.refusals.push({ environments, error });
        }
      }
      return outcome;
    },
    onSettled: () =>
      Promise.all(
        ["progression", "dashboard", "tasks", "deployment-template", "task-counts"].map((one) =>
          client.invalidateQueries({ queryKey: [one] }),
        ),
      ),
  });
}

function commandsOf(space: string, wanted: Wanted) {
  const params = { path: { space } };
  const shared = sharedOf(wanted);
  const environments = [...new Set(wanted.places.map((one) => one.environment))];
  const isTenanted = wanted.places.some((one) => one.tenant !== null);
  if (!isTenanted) {
    const given = body<Shape<"CreateDeploymentsV1">>({ ...shared, EnvironmentNames: environments });
    const send = () => answer(api.POST("/api/{space}/deployments/create/untenanted/v1", { params, body: given }));
    return [{ environments, send }];
  }
  return environments.map((environment) => {
    const Tenants = wanted.places.flatMap((one) =>
      one.environment === environment && one.tenant !== null ? [one.tenant] : [],
    );
    const given = body<Command>({ ...shared, EnvironmentName: environment, Tenants });
    const send = () => answer(api.POST("/api/{space}/deployments/create/tenanted/v1", { params, body: given }));
    return { environments: [environment], send };
  });
}

function sharedOf({ release, skipped, values, options, freezes, reason }: Wanted): Partial<Command> {
  return {
    ProjectName: release.ProjectId,
    ReleaseVersion: release.Version,
    Comments: options.comments || null,
    ForcePackageDownload: options.redownload,
    ForcePackageRedeployment: options.redeploy,
    SpecificMachineNames: options.machines === "only" ? [...options.machineIds] : [],
    ExcludedMachineNames: options.machines === "without" ? [...options.machineIds] : [],
    SkipStepNames: [...skipped],
    UseGuidedFailure: GUIDED[options.guided],
    RunAt: options.at,
    NoRunAfter: options.expiry,
    Priority: options.priority === "Default" ? null : options.priority,
    Variables: values,
    DeploymentFreezeNames: [...freezes],
    DeploymentFreezeOverrideReason: freezes.length > 0 ? reason : null,
  };
}
