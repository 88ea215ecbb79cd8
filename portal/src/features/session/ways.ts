import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";

export type Way = Shape<"AuthenticationProviderElement">;

export const waysQuery = queryOptions({
  queryKey: ["ways-to-sign-in"],
  queryFn: () => answer(api.GET("/api/authentication")),
  staleTime: 60_000,
});

const FAULT_COOKIE = "OctopusSignInFault";

/** Why a provider's sign-in was refused. In a cookie, because in an address anybody could put words on our page. */
export function faultIn(cookies: string): string | null {
  const found = cookies.split("; ").find((cookie) => cookie.startsWith(`${FAULT_COOKIE}=`));
  if (!found) return null;
  try {
    return decodeURIComponent(found.slice(FAULT_COOKIE.length + 1).replace(/^"|"$/g, "")) || null;
  } catch {
    return null;
  }
}

/** It is shown once. */
export function forgetFault(): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the other way to remove a cookie needs HTTPS
  document.cookie = `${FAULT_COOKIE}=; path=/app; max-age=0`;
}

const OUTSIDE = "OAuth";

/** Where the button of a provider leads; null for the ways that do not lead out of the portal. */
export function addressOf(way: Way, from: string | undefined): string | null {
  const link = way.IdentityType === OUTSIDE ? way.Links?.Authenticate : undefined;
  if (!link?.startsWith("/api/")) return null;
  const address = link.replace("{?returnUrl}", "");
  return from ? `${address}?returnUrl=${encodeURIComponent(from)}` : address;
}
