import { readFileSync } from "node:fs";
import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { createPortalRouter } from "./router";

/** What the browser tests open in both themes and on a phone: a screen that is not in that file is looked at by nobody. */
const LOOKED_AT = "../tests/browser/screens.txt";

it("is looked at in the browser, screen by screen", () => {
  const screens = readFileSync(LOOKED_AT, "utf8").split("\n").filter(Boolean);
  const routes = Object.keys(createPortalRouter(new QueryClient()).routesByPath);
  const leading = ["/", "/app", "/app/$space/releases/$release"];
  expect(screens.toSorted()).toEqual(routes.filter((one) => !leading.includes(one)).toSorted());
});
