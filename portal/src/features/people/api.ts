import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, EVERYTHING, type Shape } from "@/api/client";
import { meQuery } from "@/api/session";

export type User = Shape<"User">;
export type ApiKey = Shape<"ApiKey">;
export type Session = Shape<"UserSession">;

export const apiKeysQuery = (user: string) =>
  queryOptions({
    queryKey: ["api-keys", user],
    queryFn: async () => {
      const params = { path: { id: user }, query: EVERYTHING };
      return (await answer(api.GET("/api/users/{id}/apikeys", { params }))).Items;
    },
  });

export function useCreateKey(user: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: { Purpose: string; Expires: string | null }) =>
      answer(api.POST("/api/users/{id}/apikeys", { params: { path: { id: user } }, body: given })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["api-keys", user] }),
  });
}

export function useRevokeKey(user: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: string) =>
      answer(api.DELETE("/api/users/{id}/apikeys/{key}", { params: { path: { id: user, key } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["api-keys", user] }),
  });
}

export const sessionsQuery = (user: string) =>
  queryOptions({
    queryKey: ["sessions", user],
    queryFn: () => answer(api.GET("/api/users/{id}/sessions", { params: { path: { id: user } } })),
  });

export function useEndSession(user: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (session: string) =>
      answer(api.DELETE("/api/users/{id}/sessions/{session}", { params: { path: { id: user, session } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["sessions", user] }),
  });
}

/** Changes what people may change of themselves. */
export function useChangeMe(me: User) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Pick<User, "DisplayName" | "EmailAddress">) =>
      answer(api.PUT("/api/users/{id}", { params: { path: { id: me.Id } }, body: body<User>({ ...me, ...given }) })),
    onSuccess: (saved) => {
      client.setQueryData(meQuery.queryKey, saved);
      return client.invalidateQueries({ queryKey: ["users"] });
    },
  });
}

/** Ends all other sessions of the user as well. */
export function useChangePassword(me: User) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (password: string) =>
      answer(
        api.PUT("/api/users/{id}", {
          params: { path: { id: me.Id } },
          body: body<User>({ ...me, Password: password }),
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["sessions", me.Id] }),
  });
}
