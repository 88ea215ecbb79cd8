import type { AnyRouter } from "@tanstack/react-router";
import type { Shape } from "@/api/client";

export type Found = Shape<"SpaceSearchResult">;

/** One line of the palette. */
export interface Jump {
  key: string;
  /** Under which heading it stands. */
  group: string;
  word: string;
  /** What it belongs to. */
  more?: string;
  href: string;
}

interface Kind {
  group: string;
  /** Where it is shown, below `/app/{space}/`: the first of these that the portal has a screen for. */
  places: (one: Found) => string[];
}

const below = (list: string) => (one: Found) => [`${list}/${one.Id}`, list];

/** In the order in which the headings stand. */
const KINDS: Record<string, Kind> = {
  Project: { group: "Projects", places: (one) => [`projects/${one.Id}`] },
  Runbook: {
    group: "Runbooks",
    places: (one) => [`projects/${one.ProjectId}/runbooks/${one.Id}`, `projects/${one.ProjectId}`],
  },
  Release: { group: "Releases", places: (one) => [`releases/${one.Id}`] },
  Tenant: { group: "Tenants", places: below("tenants") },
  Environment: { group: "Environments", places: below("infrastructure/environments") },
  DeploymentTarget: { group: "Deployment targets", places: below("infrastructure/targets") },
  Worker: { group: "Workers", places: below("infrastructure/workers") },
  WorkerPool: { group: "Worker pools", places: below("infrastructure/worker-pools") },
  ProjectGroup: { group: "Project groups", places: (one) => [`projects?group=${one.Id}`] },
  Lifecycle: { group: "Lifecycles", places: below("library/lifecycles") },
  LibraryVariableSet: { group: "Variable sets", places: below("library/variable-sets") },
  ActionTemplate: { group: "Step templates", places: below("library/step-templates") },
  Account: { group: "Accounts", places: below("infrastructure/accounts") },
  Certificate: { group: "Certificates", places: below("infrastructure/certificates") },
  Feed: { group: "Feeds", places: below("library/feeds") },
  GitCredential: { group: "Git credentials", places: below("library/git-credentials") },
};

const ORDER = [...new Set(Object.values(KINDS).map((kind) => kind.group))];

/** What the search found, as lines to go to; what has no screen is left out. */
export function jumpsOf(found: readonly Found[], space: string, hasScreen: (path: string) => boolean): Jump[] {
  const jumps = found.flatMap((one) => {
    const kind = KINDS[one.Type];
    const places = kind?.places(one).map((place) => `/app/${space}/${place}`) ?? [];
    const href = places.find(hasScreen);
    if (!kind || !href) return [];
    const more = one.ProjectName ? { more: one.ProjectName } : {};
    return [{ key: `${one.Type}-${one.Id}`, group: kind.group, word: one.Name, href, ...more }];
  });
  return jumps.sort((a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group));
}

/** Whether the portal has a screen at a path. */
export function screensOf(router: AnyRouter): (path: string) => boolean {
  return (path) => {
    const [pathname = ""] = path.split("?");
    return router.getMatchedRoutes(pathname)[2] !== undefined;
  };
}
