import { expect, it } from "vitest";
import { namesWithin } from "./substitutions";

it.each([
  ["https://#{Host}:#{Port}/#{host}", ["host", "Port"]],
  ["#{Name | ToUpper}", ["Name"]],
  ["##{Name}", []],
  ['#{if Is.On == "yes"}#{A}#{else}#{B}#{/if}', ["Is.On", "A", "B"]],
  ["#{each one in List}#{one.Name}#{/each}", ["List", "one.Name"]],
  ["nothing", []],
])("the variables in %s", (text, expected) => {
  expect(namesWithin(text)).toEqual(expected);
});
