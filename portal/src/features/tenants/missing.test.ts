import { describe, expect, it } from "vitest";
import type { Shape } from "@/api/client";
import { countsOf, lacksOf } from "./missing";

const variable = (VariableTemplateName: string, more = {}) => ({
  VariableTemplateId: "T",
  VariableTemplateName,
  ...more,
});
const missing = [
  { TenantId: "Tenants-1", MissingVariables: [variable("Host", { ProjectId: "Projects-1", EnvironmentId: "E-1" })] },
  { TenantId: "Tenants-2", MissingVariables: [variable("Key", { LibraryVariableSetId: "L-1" }), variable("Host")] },
  { TenantId: "Tenants-3", MissingVariables: [] },
] as unknown as Shape<"TenantsMissingVariables">[];

describe("values that tenants lack", () => {
  it("are told one by one, with where they are needed", () => {
    const lacks = lacksOf(missing);
    expect(lacks.map((one) => [one.tenant, one.variable, one.project, one.environment, one.set])).toEqual([
      ["Tenants-1", "Host", "Projects-1", "E-1", null],
      ["Tenants-2", "Key", null, null, "L-1"],
      ["Tenants-2", "Host", null, null, null],
    ]);
    expect(new Set(lacks.map((one) => one.key)).size).toBe(3);
  });

  it("are counted by tenant, most first, for those that are asked for", () => {
    expect(countsOf(missing, null)).toEqual([
      ["Tenants-2", 2],
      ["Tenants-1", 1],
    ]);
    expect(countsOf(missing, new Set(["Tenants-1", "Tenants-3"]))).toEqual([["Tenants-1", 1]]);
  });
});
