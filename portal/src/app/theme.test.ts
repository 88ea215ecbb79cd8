import { DEFAULT_THEME, mergeMantineTheme } from "@mantine/core";
import { describe, expect, it } from "vitest";
import { cssVariables, theme } from "./theme";

const merged = mergeMantineTheme(DEFAULT_THEME, theme);
const variables = cssVariables(merged);

/** What a colour comes to in a scheme: the value of a variable of ours, or the colour itself. */
function meant(colour: string, scheme: "light" | "dark"): string {
  const name = colour.match(/^var\((.+)\)$/)?.[1];
  return name ? ((variables[scheme] as Record<string, string>)[name] ?? "") : colour;
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each(["light", "dark"] as const)("soft grounds in the %s scheme", (scheme) => {
  it.each(["plum", "gray", "green", "teal", "red", "blue", "yellow", "orange"])("let %s text be read", (color) => {
    const { background, color: ink } = merged.variantColorResolver({ color, variant: "light", theme: merged });
    expect(contrast(meant(ink, scheme), meant(background, scheme))).toBeGreaterThanOrEqual(4.5);
  });
});
