import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, type Shape } from "@/api/client";

export type User = Shape<"User">;

/** One page of the users. Words are looked for in all that they are called, and in what providers say of them. */
export const userPageQuery = ({ q, page }: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["users", "page", q, page],
    queryFn: () => {
      const { partialName, ...query } = listParams({ q, page });
      return answer(api.GET("/api/users", { params: { query: { ...query, filter: partialName } } }));
    },
    placeholderData: keepPreviousData,
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ["users", "one", id],
    queryFn: () => answer(api.GET("/api/users/{id}", { params: { path: { id } } })),
  });

/** What the forms of users are read and written as. */
export type GivenUser = Pick<User, "Username" | "DisplayName" | "EmailAddress" | "IsActive" | "IsService" | "Password">;

export function useAddUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Partial<GivenUser>) => answer(api.POST("/api/users", { body: body<User>(given) })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["users"] }),
  });
}

export function useChangeUser(user: User) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: Partial<User>) =>
      answer(
        api.PUT("/api/users/{id}", { params: { path: { id: user.Id } }, body: body<User>({ ...user, ...patch }) }),
      ),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["users"] }),
        client.invalidateQueries({ queryKey: ["sessions", user.Id] }),
        client.invalidateQueries({ queryKey: ["lockout", user.Id] }),
      ]),
  });
}

export function useDeleteUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/users/{id}", { params: { path: { id } } })),
    // Read anew where it is shown next: the screen of who is gone must not ask for them.
    onSuccess: () => client.invalidateQueries({ queryKey: ["users"], refetchType: "none" }),
  });
}

export const lockoutQuery = (user: string) =>
  queryOptions({
    queryKey: ["lockout", user],
    queryFn: () => answer(api.GET("/api/users/{id}/lockout", { params: { path: { id: user } } })),
  });

export function useUnlock(user: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/api/users/{id}/lockout", { params: { path: { id: user } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["lockout", user] }),
  });
}

export function useEndAllSessions(user: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.PUT("/api/users/{id}/revoke-sessions", { params: { path: { id: user } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["sessions", user] }),
  });
}

/** The teams of a user at all levels, and by what they belong to each. */
export const membershipsQuery = (user: string) =>
  queryOptions({
    queryKey: ["memberships", user],
    queryFn: () => answer(api.GET("/api/teammembership", { params: { query: { userId: user } } })),
  });

export type OidcIdentity = Shape<"OidcIdentity">;

export const oidcIdentitiesQuery = (account: string) =>
  queryOptions({
    queryKey: ["oidc-identities", account],
    queryFn: () => {
      const params = { path: { account }, query: { take: "1000" } };
      return answer(api.GET("/api/serviceaccounts/{account}/oidcidentities/v1", { params }));
    },
  });

type GivenIdentity = Pick<OidcIdentity, "Name" | "Issuer" | "Subject" | "Audience">;

export function useSaveOidcIdentity(account: string, before: OidcIdentity | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: GivenIdentity) => {
      const sent = body<OidcIdentity>({ ...before, ...given, ServiceAccountId: account });
      if (before === null) {
        const params = { path: { account } };
        return answer(api.POST("/api/serviceaccounts/{account}/oidcidentities/create/v1", { params, body: sent }));
      }
      const params = { path: { account, id: before.Id } };
      return answer(api.PUT("/api/serviceaccounts/{account}/oidcidentities/{id}/v1", { params, body: sent }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["oidc-identities", account] }),
  });
}

export function useDeleteOidcIdentity(account: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answer(
        api.DELETE("/api/serviceaccounts/{account}/oidcidentities/{id}/v1", { params: { path: { account, id } } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["oidc-identities", account] }),
  });
}
