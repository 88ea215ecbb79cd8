import createClient, { type Middleware } from "openapi-fetch";
import { PAGE } from "@/lib/search";
import { errorFrom } from "./errors";
import type { components, paths } from "./schema";

/** A shape of the API by its name in the OpenAPI document. */
export type Shape<Name extends keyof components["schemas"]> = components["schemas"][Name];

const CSRF_COOKIE = "Octopus-Csrf-Token_";

let installation: Promise<string> | null = null;

/** Two servers on one host have cookies side by side; the installation's id in their names tells which is ours. */
function installationId(): Promise<string> {
  installation ??= fetch("/api")
    .then((response) => response.json())
    .then((root: Shape<"RootResource">) => root.InstallationId)
    .catch((error) => {
      installation = null;
      throw error;
    });
  return installation;
}

/** Whether a browser may have a session; the session's own cookie is hidden from scripts. */
export function hasSession(cookies: string): boolean {
  return cookies.includes(CSRF_COOKIE);
}

export function csrfToken(cookies: string, id: string): string {
  const name = `${CSRF_COOKIE}${id}=`;
  const found = cookies.split("; ").find((cookie) => cookie.startsWith(name));
  return found ? decodeURIComponent(found.slice(name.length)) : "";
}

/** What a write needs besides the session's cookie. */
export async function writeHeaders(): Promise<Record<string, string>> {
  return { "X-Octopus-Csrf-Token": csrfToken(document.cookie, await installationId()) };
}

const sendCsrfToken: Middleware = {
  async onRequest({ request }) {
    if (request.method === "GET") return request;
    for (const [name, value] of Object.entries(await writeHeaders())) request.headers.set(name, value);
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: window.location.origin });
api.use(sendCsrfToken);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The content of a good answer; anything else is thrown as an ApiError with the API's sentence. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw errorFrom(response.status, error);
  return data as T;
}

/** A body for a write: the API fills in what is left out with its defaults. */
export function body<T>(given: Partial<T>): T {
  return given as T;
}

/** The query for one page, counted from 1. */
export function pageOf(page: number, size: number): { skip: string; take: string } {
  return { skip: String((page - 1) * size), take: String(size) };
}

/** The query for what a list shows (see `useList`): its page, the words in the names, and filters that are set. */
export function listParams(
  { q, page }: { q: string; page: number },
  filters: Record<string, string | undefined> = {},
): Record<string, string> {
  const set = Object.entries({ partialName: q.trim() || undefined, ...filters }).filter(([, value]) => value);
  return { ...pageOf(page, PAGE), ...(Object.fromEntries(set) as Record<string, string>) };
}

/** The query for a list that is short by its nature. */
export const EVERYTHING = { take: "2147483647" } as const;
