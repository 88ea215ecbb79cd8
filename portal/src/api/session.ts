import { queryOptions } from "@tanstack/react-query";
import { lastSpace } from "@/lib/last-space";
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

type Space = Shape<"Space">;

/** The default space, or the first one for who does not see it. */
export function defaultSpace(spaces: readonly Space[]): string {
  return (spaces.find((space) => space.IsDefault) ?? spaces[0])?.Id ?? "Spaces-1";
}

/** Where one begins: the space that was looked at last, as long as it is there. */
export function startingSpace(spaces: readonly Space[]): string {
  const last = lastSpace();
  return spaces.find((space) => space.Id === last)?.Id ?? defaultSpace(spaces);
}

export interface Credentials {
  username: string;
  password: string;
  /** Whether the session outlives the browser, and times in which nobody uses it. */
  isRemembered: boolean;
}

export function signIn({ username, password, isRemembered }: Credentials): Promise<User> {
  const given = body<Shape<"Login">>({ Username: username, Password: password, RememberMe: isRemembered });
  return answer(api.POST("/api/users/login", { body: given }));
}

export function signOut(): Promise<unknown> {
  return answer(api.POST("/api/users/logout"));
}
