import { expect, it } from "vitest";
import { type Purpose, subjectPattern } from "./subjects";

const TABLE: [string[] | null, Purpose, string][] = [
  [null, "deployment", "space:default:project:[project]:tenant:[tenant]:environment:[environment]"],
  [[], "health", "space:default:target:[target]"],
  [["account", "space"], "deployment", "space:default:account:aws"],
  [["type", "Project"], "deployment", "project:[project]:type:deployment"],
  [["target", "space"], "test", "space:default"],
];

it.each(TABLE)("%j for a %s is %s", (keys, purpose, subject) => {
  expect(subjectPattern(keys, purpose, { space: "default", account: "aws" })).toBe(subject);
});
