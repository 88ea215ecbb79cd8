import { expect, test } from "vitest";
import { deviceOf } from "./devices";

const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const EDGE = `${CHROME} Edg/140.0`.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64");
const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";

test.each([
  [CHROME, "password", "Chrome on Linux"],
  [EDGE, "password", "Edge on Windows"],
  [PHONE, "password", "Safari on iOS"],
  ["Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "password", "Firefox on Windows"],
  [CHROME.replace("Chrome", "HeadlessChrome"), "password", "Chrome on Linux"],
  ["curl/8.5.0", "password", "curl/8.5.0"],
  ["x".repeat(50), "password", `${"x".repeat(40)}…`],
  ["", "access token", "A program"],
  ["", "password", "Unknown"],
])("a device is called what people call it: %s", (device, means, shown) => {
  expect(deviceOf(device, means)).toBe(shown);
});
