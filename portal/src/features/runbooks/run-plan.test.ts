import { describe, expect, it } from "vitest";
import { barredBy, formOf, NEW_PLAN, parametersOf, placesOf } from "./run-plan";
import type { Preview } from "./runs-api";

const preview = (values: Record<string, string>) =>
  ({ Form: { Values: values, Elements: Object.keys(values).map((Name) => ({ Name })) } }) as unknown as Preview;

describe("the plan for a run", () => {
  it("goes to each environment for each tenant, or alone", () => {
    expect(placesOf({ environments: ["E-1", "E-2"], tenants: [] })).toEqual([
      { EnvironmentId: "E-1", TenantId: null },
      { EnvironmentId: "E-2", TenantId: null },
    ]);
    expect(placesOf({ environments: ["E-1"], tenants: ["T-1", "T-2"] })).toHaveLength(2);
  });

  it("asks for a value once, beginning with what the first place has", () => {
    const form = formOf([preview({ a: "1" }), preview({ a: "2", b: "3" })]);
    expect(form?.Elements.map((one) => one.Name)).toEqual(["a", "b"]);
    expect(form?.Values).toEqual({ a: "1", b: "3" });
    expect(formOf([{ Form: null } as Preview])).toBeNull();
  });

  it.each([
    [{ guided: "default" as const }, { UseGuidedFailure: null }],
    [{ guided: "off" as const }, { UseGuidedFailure: false }],
    [
      { targets: "only" as const, machines: ["M-1"] },
      { SpecificMachineIds: ["M-1"], ExcludedMachineIds: [] },
    ],
    [
      { targets: "except" as const, machines: ["M-1"] },
      { SpecificMachineIds: [], ExcludedMachineIds: ["M-1"] },
    ],
    [
      { targets: "all" as const, machines: ["M-1"] },
      { SpecificMachineIds: [], ExcludedMachineIds: [] },
    ],
    [
      { at: null, until: "2030-01-01T00:00:00Z" },
      { QueueTime: null, QueueTimeExpiry: null },
    ],
  ])("sends %j", (patch, sent) => {
    expect(parametersOf({ ...NEW_PLAN, ...patch }, "RunbookSnapshots-1")).toMatchObject(sent);
  });

  it("runs the runbook as it is now where no snapshot is chosen", () => {
    expect(parametersOf(NEW_PLAN, null)).toMatchObject({ RunbookSnapshotNameOrId: null, UseDefaultSnapshot: false });
  });

  it.each([
    [{}, false, "Choose an environment."],
    [{ environments: ["E-1"] }, true, "Choose a tenant: this runbook runs for tenants only."],
    [{ environments: ["E-1"], tenantTags: ["Ring/Early"] }, true, null],
    [{ environments: ["E-1"], targets: "only" as const }, false, "Choose the targets, or take all of them."],
    [{ environments: ["E-1"], at: "2030-01-02", until: "2030-01-01" }, false, "It cannot expire before it begins."],
    [{ environments: ["E-1"] }, false, null],
  ])("with %j and tenants needed: %s", (patch, needsTenant, said) => {
    expect(barredBy({ ...NEW_PLAN, ...patch }, needsTenant)).toBe(said);
  });
});
