import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, EVERYTHING, type Shape } from "@/api/client";
import type { Release } from "./api";

export type Defect = Shape<"Defect">;

/** Why the progression of a release was prevented, now and before; the latest first. */
export const defectsQuery = (space: string, release: string) =>
  queryOptions({
    queryKey: ["release", release, "defects"],
    queryFn: async () => {
      const params = { path: { space, id: release }, query: EVERYTHING };
      return (await answer(api.GET("/api/{space}/releases/{id}/defects", { params }))).Items.reverse();
    },
  });

/** The packages of a release that its feed does not have any more. */
export const missingPackagesQuery = (space: string, release: string) =>
  queryOptions({
    queryKey: ["release", release, "missing"],
    queryFn: async () => {
      const params = { path: { space, id: release } };
      return (await answer(api.GET("/api/{space}/releases/{id}/missingpackages", { params }))).Packages;
    },
    staleTime: 60_000,
  });

/** Asks anew for what shows a release and where it may go. */
export function useRenewRelease() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ["release", "releases", "progression", "deployment-template", "variable-difference"].map((one) =>
        client.invalidateQueries({ queryKey: [one] }),
      ),
    );
}

export function useEditRelease(space: string, release: Release) {
  const renew = useRenewRelease();
  return useMutation({
    mutationFn: (change: Partial<Release>) =>
      answer(
        api.PUT("/api/{space}/releases/{id}", {
          params: { path: { space, id: release.Id } },
          body: { ...release, ...change },
        }),
      ),
    onSuccess: renew,
  });
}

export function useDeleteRelease(space: string, release: Release) {
  const renew = useRenewRelease();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/api/{space}/releases/{id}", { params: { path: { space, id: release.Id } } })),
    onSuccess: renew,
  });
}

export function usePreventProgression(space: string, release: string) {
  const renew = useRenewRelease();
  return useMutation({
    mutationFn: (Description: string) =>
      answer(
        api.POST("/api/{space}/releases/{id}/defects", {
          params: { path: { space, id: release } },
          body: { Description },
        }),
      ),
    onSuccess: renew,
  });
}

export function useAllowProgression(space: string, release: string) {
  const renew = useRenewRelease();
  return useMutation({
    mutationFn: () =>
      answer(api.POST("/api/{space}/releases/{id}/defects/resolve", { params: { path: { space, id: release } } })),
    onSuccess: renew,
  });
}

/** Takes the project's variables into the release as they are now: all of them, or those of the names. */
export function useTakeVariables(space: string, release: string) {
  const renew = useRenewRelease();
  return useMutation({
    mutationFn: (names: readonly string[] | null) => {
      const params = { path: { space, id: release } };
      if (names === null) return answer(api.POST("/api/{space}/releases/{id}/snapshot-variables", { params }));
      const body = { Variables: names.map((Name) => ({ Name })) };
      return answer(api.POST("/api/{space}/releases/{id}/snapshot-variables-by-name", { params, body }));
    },
    onSuccess: renew,
  });
}
