import { describe, expect, it } from "vitest";
import {
  openEnvironments,
  type Promotion,
  packed,
  placesOf,
  sentenceOf,
  tenantsMeant,
  unpacked,
  type Where,
} from "./wish";

const DEV = { Id: "E-1", Name: "Development" };
const LIVE = { Id: "E-2", Name: "Production" };

function promotion(Id: string, ...PromoteTo: { Id: string; Name: string }[]): Promotion {
  return { Id, Name: Id, PromoteTo } as Promotion;
}

const ABLE = [promotion("T-1", DEV, LIVE), promotion("T-2", DEV), promotion("T-3", LIVE)];
const TEMPLATE = { PromoteTo: [DEV], TenantPromotions: ABLE } as unknown as Parameters<typeof placesOf>[1];
const WHERE: Where = { environments: ["E-1", "E-2"], forWhom: "untenanted", tenants: [], tags: [] };

describe("where a release is to go", () => {
  it("offers what is open to anybody, in order, with the number of tenants", () => {
    expect(openEnvironments(TEMPLATE, ["E-2", "E-1"])).toEqual([
      { id: "E-2", name: "Production", isOpenUntenanted: false, tenants: 2 },
      { id: "E-1", name: "Development", isOpenUntenanted: true, tenants: 2 },
    ]);
  });

  it.each([
    [{ forWhom: "untenanted" }, ["E-1/"]],
    [{ forWhom: "named", tenants: ["T-2", "T-9"] }, ["E-1/T-2"]],
    [{ forWhom: "tagged", tags: ["Region/Europe"] }, ["E-2/T-3"]],
    [{ forWhom: "all" }, ["E-1/T-1", "E-1/T-2", "E-2/T-1", "E-2/T-3"]],
  ] as const)("is each environment for each tenant that may get it there: %o", (patch, expected) => {
    const where = { ...WHERE, ...patch };
    const meant = tenantsMeant(where, ABLE, new Set(["T-3"]));
    const places = placesOf(where, TEMPLATE, meant);
    expect(places.map((one) => `${one.environment}/${one.tenant ?? ""}`)).toEqual(expected);
  });

  it("is said in a sentence", () => {
    const nameOf = (id: string) => (id === "E-1" ? "Development" : "Production");
    expect(sentenceOf("1.0", [], null, nameOf)).toBe("Choose where the release is to go.");
    expect(sentenceOf("1.0", [{ environment: "E-1", tenant: null }], null, nameOf)).toBe(
      "1.0 goes to Development, now.",
    );
    const many = ["T-1", "T-2"].flatMap((tenant) => ["E-1", "E-2"].map((environment) => ({ environment, tenant })));
    expect(sentenceOf("1.0", many, null, nameOf)).toBe(
      "1.0 goes to Development and Production for 2 tenants, in 4 deployments, now.",
    );
  });
});

describe("ids in an address", () => {
  it("are short, and come back", () => {
    const ids = ["Deployments-9", "Deployments-3", "Deployments-4", "Deployments-5"];
    expect(packed(ids)).toBe("3-5,9");
    expect(unpacked("3-5,9")).toEqual(["Deployments-3", "Deployments-4", "Deployments-5", "Deployments-9"]);
  });

  it("are none where the address is no list of them, and never too many", () => {
    expect(unpacked("x,<b>")).toEqual([]);
    expect(unpacked("1-999999999")).toHaveLength(2000);
  });
});
