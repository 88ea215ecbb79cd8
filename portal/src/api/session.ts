import { queryOptions } from "@tanstack/react-query";
import { answer, api, body, type Shape } from "./client";

export type User = Shape<"User">;

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => answer(api.GET("/api/users/me")),
  staleTime: 5 * 60_000,
  retry: false,
});

export const spacesQuery = queryOptions({
  queryKey: ["spaces"],
  queryFn: () => answer(api.GET("/api/spaces/all")),
  staleTime: 5 * 60_000,
});

export function signIn(username: string, password: string): Promise<User> {
  const given = body<Shape<"Login">>({ Username: username, Password: password, RememberMe: true });
  return answer(api.POST("/api/users/login", { body: given }));
}

export function signOut(): Promise<unknown> {
  return answer(api.POST("/api/users/logout"));
}
