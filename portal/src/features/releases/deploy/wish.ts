import type { Shape } from "@/api/client";
import { exactTime } from "@/lib/time";

type Template = Shape<"ReleaseDeploymentTemplate">;
export type Promotion = Template["TenantPromotions"][number];

/** For whom: nobody in particular, tenants that are named, those with tags, or all that may get the release. */
export type ForWhom = "untenanted" | "named" | "tagged" | "all";

export interface Where {
  environments: readonly string[];
  forWhom: ForWhom;
  tenants: readonly string[];
  tags: readonly string[];
}

export interface Options {
  /** A moment; null: now. */
  at: string | null;
  expiry: string | null;
  guided: "usual" | "on" | "off";
  redownload: boolean;
  redeploy: boolean;
  priority: "Default" | "On" | "Off";
  machines: "all" | "only" | "without";
  machineIds: readonly string[];
  comments: string;
}

export const USUAL: Options = {
  at: null,
  expiry: null,
  guided: "usual",
  redownload: false,
  redeploy: false,
  priority: "Default",
  machines: "all",
  machineIds: [],
  comments: "",
};

/** One deployment that is asked for. */
export interface Place {
  environment: string;
  tenant: string | null;
}

export function keyOfPlace({ environment, tenant }: Place): string {
  return `${environment}/${tenant ?? ""}`;
}

/** The environments that anybody may be deployed to, in their order, and for how many tenants each is open. */
export function openEnvironments(template: Template, order: readonly string[]) {
  const names = new Map<string, string>(template.PromoteTo.map((one) => [one.Id, one.Name]));
  const counts = new Map<string, number>();
  for (const { Id, Name } of template.TenantPromotions.flatMap((one) => one.PromoteTo)) {
    names.set(Id, Name);
    counts.set(Id, (counts.get(Id) ?? 0) + 1);
  }
  const placeOf = (id: string) => order.indexOf(id);
  return [...names]
    .map(([id, name]) => ({
      id,
      name,
      isOpenUntenanted: template.PromoteTo.some((one) => one.Id === id),
      tenants: counts.get(id) ?? 0,
    }))
    .sort((one, other) => placeOf(one.id) - placeOf(other.id));
}

/** The tenants that are meant: of those that may get the release anywhere. `tagged` are the ids that the tags choose. */
export function tenantsMeant(where: Where, able: readonly Promotion[], tagged: ReadonlySet<string>): Promotion[] {
  switch (where.forWhom) {
    case "untenanted":
      return [];
    case "named":
      return able.filter((one) => where.tenants.includes(one.Id));
    case "tagged":
      return able.filter((one) => tagged.has(one.Id));
    case "all":
      return [...able];
  }
}

/** Every deployment that would be made: each environment for each tenant that may get the release there. */
export function placesOf(where: Where, template: Template, tenants: readonly Promotion[]): Place[] {
  return where.environments.flatMap((environment): Place[] => {
    if (where.forWhom === "untenanted") {
      return template.PromoteTo.some((one) => one.Id === environment) ? [{ environment, tenant: null }] : [];
    }
    return tenants
      .filter((tenant) => tenant.PromoteTo.some((one) => one.Id === environment))
      .map((tenant) => ({ environment, tenant: tenant.Id }));
  });
}

/** What will happen when the button is pressed, in a sentence. */
export function sentenceOf(
  version: string,
  places: readonly Place[],
  at: string | null,
  nameOf: (environment: string) => string,
): string {
  if (places.length === 0) return "Choose where the release is to go.";
  const environments = [...new Set(places.map((one) => one.environment))].map(nameOf);
  const tenants = new Set(places.map((one) => one.tenant).filter((one) => one !== null)).size;
  const forWhom = tenants === 0 ? "" : tenants === 1 ? " for one tenant" : ` for ${tenants} tenants`;
  const count = places.length === 1 ? "" : `, in ${places.length} deployments`;
  return `${version} goes to ${joined(environments)}${forWhom}${count}, ${at ? `on ${exactTime(at)}` : "now"}.`;
}

function joined(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Ids in few characters, for an address: `Deployments-3,Deployments-4,Deployments-9` is `3-4,9`. */
export function packed(ids: readonly string[]): string {
  const numbers = ids.map((id) => Number(id.split("-").at(-1))).sort((one, other) => one - other);
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

const MOST = 2000;

export function unpacked(text: string): string[] {
  const numbers = text.split(",").flatMap((run) => {
    const found = /^(\d{1,12})(?:-(\d{1,12}))?$/.exec(run);
    if (!found) return [];
    const from = Number(found[1]);
    const to = Math.min(Number(found[2] ?? found[1]), from + MOST - 1);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  });
  return numbers.slice(0, MOST).map((number) => `Deployments-${number}`);
}
