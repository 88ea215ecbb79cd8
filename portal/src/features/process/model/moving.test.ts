import { describe, expect, it } from "vitest";
import type { Action, Step } from "./document";
import { changeAction, rename } from "./editing";
import { actionFrom, newAction } from "./kinds";
import { clone, insertStep, moveStep, nest, remove, stepOf, unnest } from "./moving";
import { placeOf } from "./places";
import { ACTION_CONDITION, ROLES, STEP_CONDITION } from "./properties";
import { freed, land, landing, nested, nudged, rowsOf } from "./rows";

function action(name: string, more: Partial<Action> = {}): Action {
  return { ...newAction("Octopus.Script", name, []), Id: `a-${name}`, Slug: name.toLowerCase(), ...more };
}

function step(name: string, ...children: string[]): Step {
  const actions = children.length > 0 ? children.map((child) => action(child)) : [action(name)];
  const made = stepOf(actions[0] as Action, { [ROLES]: "web" });
  return { ...made, Id: `s-${name}`, Name: name, Slug: name.toLowerCase(), Actions: actions };
}

/** The process in few words: parents with their children in brackets. */
function told(steps: readonly Step[]): string {
  return steps
    .map((one) =>
      one.Actions.length > 1 ? `${one.Name}(${one.Actions.map((child) => child.Name).join(" ")})` : one.Name,
    )
    .join(" ");
}

const A_BC_D = () => [step("A"), step("P", "B", "C"), step("D")];

describe("moving steps", () => {
  it("moves one among the others and keeps everything that it says", () => {
    const steps = A_BC_D();
    const moved = moveStep(steps, 2, 0);
    expect(told(moved.steps)).toBe("D A P(B C)");
    expect(moved.steps[0]).toBe(steps[2]);
    expect(moved.place).toEqual({ step: 0, child: null });
  });

  it("lets no first step start with a previous one", () => {
    const second: Step = { ...step("B"), StartTrigger: "StartWithPrevious" };
    expect(moveStep([step("A"), second], 1, 0).steps.map((one) => one.StartTrigger)).toEqual([
      "StartAfterPrevious",
      "StartAfterPrevious",
    ]);
    expect(remove([step("A"), second], { step: 0, child: null })[0]?.StartTrigger).toBe("StartAfterPrevious");
  });

  it("makes a step the child of another one, with its condition", () => {
    const own = {
      ...step("D"),
      Condition: "Variable" as const,
      Properties: { [ROLES]: "db", [STEP_CONDITION]: "#{Go}" },
    };
    const moved = nest([...A_BC_D().slice(0, 2), own], 2, 1, 2);
    expect(told(moved.steps)).toBe("A P(B C D)");
    const child = moved.steps[1]?.Actions[2];
    expect(child?.Condition).toBe("Variable");
    expect(child?.Properties[ACTION_CONDITION]).toBe("#{Go}");
    expect(moved.place).toEqual({ step: 1, child: 2 });
  });

  it("frees a child as a step where its parent ran; a parent left with one child is a plain step", () => {
    const moved = unnest(A_BC_D(), { step: 1, child: 0 }, 2);
    expect(told(moved.steps)).toBe("A C B D");
    expect(moved.steps[2]?.Properties[ROLES]).toBe("web");
    expect(moved.steps[1]?.Id).toBe("s-P");
  });

  it.each([
    ["up", nudged(A_BC_D(), { step: 2, child: null }, -1), "A D P(B C)"],
    ["down within the parent", nudged(A_BC_D(), { step: 1, child: 0 }, 1), "A P(C B) D"],
    ["not above the first", nudged(A_BC_D(), { step: 0, child: null }, -1), null],
    ["in", nested(A_BC_D(), { step: 2, child: null }), "A P(B C D)"],
    ["no parent into another one", nested(A_BC_D(), { step: 1, child: null }), null],
    ["out", freed(A_BC_D(), { step: 1, child: 1 }), "A B C D"],
  ])("moves by the keyboard: %s", (_, moved, expected) => {
    expect(moved && told(moved.steps)).toBe(expected);
  });
});

describe("dragging", () => {
  const drop = (active: string, over: string, depth: 0 | 1) => {
    const steps = A_BC_D();
    const row = rowsOf(steps).find((one) => one.id === active);
    const to = landing(steps, active, over, depth);
    return row && to ? told(land(steps, row.place, to).steps) : null;
  };

  it.each([
    ["a step to the top", "s-D", "s-A", 0, "D A P(B C)"],
    ["a step into a group", "s-A", "s-P/a-B", 0, "P(B A C) D"],
    ["a step to the end of a group", "s-D", "s-D", 1, "A P(B C D)"],
    ["a step behind a plain one, to the right", "s-D", "s-P", 1, "A(A D) P(B C)"],
    ["a child out", "s-P/a-C", "s-P/a-C", 0, "A B C D"],
    ["a child within its group", "s-P/a-C", "s-P/a-B", 1, "A P(C B) D"],
    ["a child into another step", "s-P/a-B", "s-P", 1, "A(A B) C D"],
    ["a group over a step below", "s-P", "s-D", 1, "A D P(B C)"],
    ["a group to the top", "s-P", "s-A", 1, "P(B C) A D"],
  ] as const)("moves %s", (_, active, over, depth, expected) => {
    expect(drop(active, over, depth)).toBe(expected);
  });
});

describe("copies", () => {
  it("have ids and names of their own, and no slug yet; what they refer to stays", () => {
    const original = step("A");
    const [only] = original.Actions;
    const steps = [{ ...original, Actions: [{ ...(only as Action), Packages: [], Environments: ["Environments-1"] }] }];
    const made = clone(steps, { step: 0, child: null }).steps[1];
    expect(made?.Name).toBe("A - copy");
    expect([made?.Slug, made?.Actions[0]?.Slug]).toEqual(["", ""]);
    expect(made?.Id).not.toBe("s-A");
    expect(made?.Actions[0]?.Id).not.toBe("a-A");
    expect(made?.Actions[0]?.Environments).toEqual(["Environments-1"]);
    expect(clone(clone(steps, { step: 0, child: null }).steps, { step: 0, child: null }).steps[1]?.Name).toBe(
      "A - copy 2",
    );
  });

  it("of a group copy its children; of a child stand beside it", () => {
    expect(told(clone(A_BC_D(), { step: 1, child: null }).steps)).toBe("A P(B C) P - copy(B - copy C - copy) D");
    expect(told(clone(A_BC_D(), { step: 1, child: 0 }).steps)).toBe("A P(B B - copy C) D");
  });
});

describe("what the forms do not know", () => {
  it("outlives every change", () => {
    const odd = { ...step("A"), Extra: 1 } as Step;
    const properties = { "Somebody.Else": "x", "Their.Secret": { HasValue: true, NewValue: null, Hint: null } };
    const first = { ...(odd.Actions[0] as Action), Inputs: { deep: [1] }, Properties: properties };
    const process = { Version: 3, Steps: [{ ...odd, Actions: [first] }, step("B")] };
    const renamed = rename(process, { step: 0, child: null }, "New");
    const changed = changeAction(renamed, { step: 0, child: null }, (old) => ({ ...old, IsDisabled: true }));
    const inGroup = nest(changed.Steps, 0, 1, 1).steps;
    expect(inGroup[0]?.Actions[1]?.Properties).toEqual(properties);
    expect(inGroup[0]?.Actions[1]?.Inputs).toEqual({ deep: [1] });
    expect((changed.Steps[0] as Step & { Extra: number }).Extra).toBe(1);
    expect(changed.Steps[0]?.Slug).toBe("a");
    expect(changed.Steps[1]).toBe(process.Steps[1]);
  });
});

describe("the step that an address names", () => {
  it.each([
    ["a", { step: 0, child: null }],
    ["p", { step: 1, child: null }],
    ["p.c", { step: 1, child: 1 }],
    ["s-P.a-B", { step: 1, child: 0 }],
    ["a.a", { step: 0, child: null }],
    ["C", { step: 1, child: 1 }],
    ["nowhere", null],
  ])("%s", (key, place) => {
    expect(placeOf(A_BC_D(), key)).toEqual(place);
  });
});

describe("a step from a template", () => {
  it("has the template's properties, its parameters' defaults, and says where it is from", () => {
    const made = actionFrom(
      {
        Id: "ActionTemplates-1",
        Name: "Tell",
        ActionType: "Octopus.Script",
        Version: 4,
        Packages: [],
        GitDependencies: [],
        Properties: { "Octopus.Action.Script.ScriptBody": "echo #{Words}" },
        Parameters: [
          { Name: "Words", DefaultValue: "hello" },
          { Name: "Empty", DefaultValue: null },
        ],
      },
      ["tell"],
    );
    expect(made.Name).toBe("Tell 2");
    expect(made.Properties).toEqual({
      "Octopus.Action.Script.ScriptBody": "echo #{Words}",
      Words: "hello",
      "Octopus.Action.Template.Id": "ActionTemplates-1",
      "Octopus.Action.Template.Version": "4",
    });
    expect(insertStep([step("A")], stepOf(made), 1).place).toEqual({ step: 1, child: null });
  });
});
