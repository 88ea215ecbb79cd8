import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, EVERYTHING, listParams, type Shape } from "@/api/client";

export type Team = Shape<"Team">;
export type ScopedRole = Shape<"ScopedUserRole">;

/** What the list of teams may be narrowed to besides spaces: the teams of the server itself. */
export const SERVER = "server";

function levelOf(place: string | undefined): Record<string, string | undefined> {
  if (place === undefined) return {};
  if (place === SERVER) return { spaces: "none", includeSystem: "true" };
  return { spaces: place, includeSystem: "false" };
}

/** One page of the teams of all levels; `place` is a space, or the server. */
export const teamPageQuery = ({ q, page }: { q: string; page: number }, place: string | undefined) =>
  queryOptions({
    queryKey: ["teams", "page", q, page, place],
    queryFn: () => answer(api.GET("/api/teams", { params: { query: listParams({ q, page }, levelOf(place)) } })),
    placeholderData: keepPreviousData,
  });

export const teamQuery = (id: string) =>
  queryOptions({
    queryKey: ["teams", "one", id],
    queryFn: () => answer(api.GET("/api/teams/{id}", { params: { path: { id } } })),
  });

/** Whatever gives or takes rights changes what everybody may do, oneself too. */
function useRightsChanged({ isGone = false } = {}) {
  const client = useQueryClient();
  // The screen of what is gone must not ask for it again.
  const refetchType = isGone ? "none" : "active";
  return () =>
    Promise.all(
      ["teams", "things", "memberships", "rights", "refusal", "scoped-roles", "spaces"].map((key) =>
        client.invalidateQueries({ queryKey: [key], refetchType }),
      ),
    );
}

export function useAddTeam() {
  const onSuccess = useRightsChanged();
  return useMutation({
    mutationFn: (given: Pick<Team, "Name" | "Description" | "SpaceId">) =>
      answer(api.POST("/api/teams", { body: body<Team>(given) })),
    onSuccess,
  });
}

/** Changes what `patch` says, on top of what the team is now. */
export function useChangeTeam(id: string) {
  const onSuccess = useRightsChanged();
  return useMutation({
    mutationFn: async (patch: (team: Team) => Partial<Team>) => {
      const params = { path: { id } };
      const team = await answer(api.GET("/api/teams/{id}", { params }));
      return answer(api.PUT("/api/teams/{id}", { params, body: { ...team, ...patch(team) } }));
    },
    onSuccess,
  });
}

export function useDeleteTeam() {
  const onSuccess = useRightsChanged({ isGone: true });
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/teams/{id}", { params: { path: { id } } })),
    onSuccess,
  });
}

export function useJoinTeam(user: string) {
  const onSuccess = useRightsChanged();
  return useMutation({
    mutationFn: async (id: string) => {
      const params = { path: { id } };
      const team = await answer(api.GET("/api/teams/{id}", { params }));
      const MemberUserIds = [...team.MemberUserIds.filter((member) => member !== user), user];
      return answer(api.PUT("/api/teams/{id}", { params, body: { ...team, MemberUserIds } }));
    },
    onSuccess,
  });
}

/** The roles that a team holds, each with what it is narrowed to. */
export const scopedRolesQuery = (team: string) =>
  queryOptions({
    queryKey: ["scoped-roles", team],
    queryFn: async () => {
      const params = { path: { id: team }, query: EVERYTHING };
      return (await answer(api.GET("/api/teams/{id}/scopeduserroles", { params }))).Items;
    },
  });

export type GivenRole = Omit<ScopedRole, "Id" | "Links" | "LastModifiedOn" | "LastModifiedBy">;

export function useSaveScopedRole(before: ScopedRole | null) {
  const onSuccess = useRightsChanged();
  return useMutation({
    mutationFn: (given: GivenRole) => {
      const sent = body<ScopedRole>({ ...before, ...given });
      if (before === null) return answer(api.POST("/api/scopeduserroles", { body: sent }));
      return answer(api.PUT("/api/scopeduserroles/{id}", { params: { path: { id: before.Id } }, body: sent }));
    },
    onSuccess,
  });
}

export function useDeleteScopedRole() {
  const onSuccess = useRightsChanged();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/scopeduserroles/{id}", { params: { path: { id } } })),
    onSuccess,
  });
}

export const groupProvidersQuery = queryOptions({
  queryKey: ["group-providers"],
  queryFn: () => answer(api.GET("/api/externalsecuritygroupproviders")),
  staleTime: 60_000,
});
