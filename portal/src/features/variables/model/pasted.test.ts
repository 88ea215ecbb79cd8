import { describe, expect, it } from "vitest";
import { toCsv, toJson } from "./exporting";
import { planOf, withPlanned } from "./importing";
import { readPasted } from "./pasted";
import { NAMES, variable } from "./testing";

const pairs = (text: string) => readPasted(text).variables.map((one) => [one.name, one.value]);

describe("what is pasted", () => {
  it.each<[string, string, string[][]]>([
    [
      "lines of assignments",
      "A=1\n# no\nexport B = two words # remark\n",
      [
        ["A", "1"],
        ["B", "two words"],
      ],
    ],
    [
      "quotes",
      `A="a \\"b\\" # c"\nB='x\\n'\nC="l1\\nl2"`,
      [
        ["A", 'a "b" # c'],
        ["B", "x\\n"],
        ["C", "l1\nl2"],
      ],
    ],
    [
      "quotes over lines",
      'KEY="-----BEGIN\nabc\n-----END"\nB=1',
      [
        ["KEY", "-----BEGIN\nabc\n-----END"],
        ["B", "1"],
      ],
    ],
    [
      "signs of equality in a value",
      "URL=https://a/?b=c,d\nB=",
      [
        ["URL", "https://a/?b=c,d"],
        ["B", ""],
      ],
    ],
    [
      "cells of a spreadsheet",
      'Name\tValue\nA\t1\nB\t"two\nlines"',
      [
        ["A", "1"],
        ["B", "two\nlines"],
      ],
    ],
    [
      "cells without heads",
      "A\t1\nB\t2",
      [
        ["A", "1"],
        ["B", "2"],
      ],
    ],
    ["CSV", 'name,value\n"A, or B","say ""hi"""\r\n', [["A, or B", 'say "hi"']]],
    ["semicolons", "Name;Value\nA;1,5", [["A", "1,5"]]],
    [
      "an object",
      '{"A": 1, "B": {"C": true, "D": [1, 2]}}',
      [
        ["A", "1"],
        ["B:C", "true"],
        ["B:D:0", "1"],
        ["B:D:1", "2"],
      ],
    ],
    [
      "a list",
      '[{"Name": "A", "Value": null}, {"key": "B", "value": 2}]',
      [
        ["A", ""],
        ["B", "2"],
      ],
    ],
    ["a variable set", '{"Id": "x", "Variables": [{"Name": "A", "Value": "1"}]}', [["A", "1"]]],
    ["nothing", "  \n", []],
  ])("%s", (_title, text, expected) => {
    expect(pairs(text)).toEqual(expected);
  });

  it("says what could not be read", () => {
    expect(readPasted("A=1\nwhat is this").faults).toEqual(["Line 2 is no assignment: what is this"]);
    expect(readPasted("{").faults[0]).toMatch(/^This is no valid JSON/);
    expect(readPasted("Name,Value\n,1").faults).toEqual(["Line 2 has no name."]);
  });
});

describe("taking over a paste", () => {
  const there = [
    variable("1", { Name: "Host", Value: "a" }),
    variable("2", { Name: "Host", Value: "p", Scope: { Environment: ["production"] } }),
  ];

  it("replaces the value with the same name and scope, and adds the others", () => {
    const text = "Name,Value,Environment\nhost,new,\nHost,p,Production\nHost,t,Test\nPort,80,";
    const planned = planOf(readPasted(text).variables, there, NAMES);
    expect(planned.map((one) => [one.replaces?.Id ?? null, one.isSame])).toEqual([
      ["1", false],
      ["2", true],
      [null, false],
      [null, false],
    ]);
    const after = withPlanned(there, planned);
    expect(after.map((one) => `${one.Name}=${one.Value}`)).toEqual(["Host=new", "Host=p", "Host=t", "Port=80"]);
    expect(after[2]?.Scope?.Environment).toEqual(["test"]);
  });

  it("tells words of a scope that nothing is called by", () => {
    const [planned] = planOf(readPasted("Name,Value,Scope\nA,1,Production; Nowhere").variables, there, NAMES);
    expect(planned?.unknown).toEqual(["Nowhere"]);
    expect(planned?.variable.Scope?.Environment).toEqual(["production"]);
  });
});

describe("what is exported", () => {
  const variables = [
    variable("1", { Name: "A", Value: 'x, "y"\nz', Scope: { Environment: ["production"], Role: ["web"] } }),
    { ...variable("2", { Name: "Key", Type: "Sensitive", IsSensitive: true }), Value: "s3cret" },
  ];

  it.each([
    ["a table", toCsv(variables, NAMES)],
    ["JSON", toJson(variables, NAMES)],
  ])("as %s has no secret and can be pasted again", (_title, text) => {
    expect(text).not.toContain("s3cret");
    const planned = planOf(readPasted(text).variables, variables, NAMES);
    expect(planned.map((one) => one.replaces?.Id)).toEqual(["1", "2"]);
    expect(planned[0]?.isSame).toBe(true);
    expect(planned.flatMap((one) => one.unknown)).toEqual([]);
  });
});
