import { expect, test } from "vitest";
import { withoutSecrets } from "./without-secrets";

const typed = { HasValue: true, NewValue: "s3cret", Hint: null };

test.each([
  [
    "one that was set",
    { A: typed },
    { A: { HasValue: true, NewValue: null } },
    { A: { HasValue: true, NewValue: null } },
  ],
  [
    "one that was not",
    { A: typed },
    { A: { HasValue: false, NewValue: null } },
    { A: { HasValue: false, NewValue: null } },
  ],
  ["one that was nothing", { A: typed }, { A: null }, { A: { HasValue: false, NewValue: null } }],
  ["one in a part", { P: { A: typed, B: 1 } }, { P: null }, { P: { A: { HasValue: false, NewValue: null }, B: 1 } }],
  ["one in a list", { L: [typed] }, { L: [] }, { L: [{ HasValue: false, NewValue: null }] }],
])("%s is not kept", (_, value, base, kept) => {
  expect(withoutSecrets<unknown>(value, base)).toEqual(kept);
});

test("all else stays, and so does the wish to take a secret away", () => {
  const value = { Name: "x", Tags: ["a"], None: null, A: { HasValue: false, NewValue: null } };
  expect(withoutSecrets<unknown>(value, { A: { HasValue: true, NewValue: null } })).toEqual(value);
});
