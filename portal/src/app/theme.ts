import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

/** Polpo's own colour: plum, apart from the four colours that tell a state (green, red, blue, amber). */
const plum: MantineColorsTuple = [
  "#f7f3fb",
  "#ebe1f4",
  "#d7c4e7",
  "#c1a3d9",
  "#ad87cc",
  "#9b6fc0",
  "#8455ad",
  "#6c3f96",
  "#56317a",
  "#41255d",
];

const gray: MantineColorsTuple = [
  "#faf9fb",
  "#f4f2f6",
  "#eae7ed",
  "#dcd8e0",
  "#c4bfca",
  "#a29ca9",
  "#77717f",
  "#575160",
  "#3a3543",
  "#221f29",
];

const dark: MantineColorsTuple = [
  "#d5d2da",
  "#b3aebb",
  "#938d9d",
  "#6e6878",
  "#453f4f",
  "#36313f",
  "#26222d",
  "#1b1821",
  "#151219",
  "#0f0d13",
];

/** The ground, the ground under the pointer and the ink of what is softly coloured: the library's own fail the contrast that text needs. */
const SOFT: Partial<Record<string, readonly [ground: string, hover: string, ink: string]>> = {
  plum: ["var(--brand-soft)", "var(--brand-soft-hover)", "var(--brand-strong)"],
  gray: ["var(--state-idle-soft)", "var(--line)", "var(--mantine-color-text)"],
  green: ["var(--state-success-soft)", "var(--state-success-soft)", "var(--state-success)"],
  teal: ["var(--state-success-soft)", "var(--state-success-soft)", "var(--state-success)"],
  red: ["var(--state-failed-soft)", "var(--state-failed-soft)", "var(--state-failed)"],
  blue: ["var(--state-running-soft)", "var(--state-running-soft)", "var(--state-running)"],
  yellow: ["var(--state-waiting-soft)", "var(--state-waiting-soft)", "var(--state-waiting)"],
  orange: ["var(--state-waiting-soft)", "var(--state-waiting-soft)", "var(--state-waiting)"],
};

/** Soft grounds are our own in both schemes; the rest is as the library has it. */
const variantColors: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const soft = input.variant === "light" ? SOFT[input.color ?? input.theme.primaryColor] : undefined;
  if (!soft) return colors;
  const [background, hover, color] = soft;
  return { ...colors, background, hover, color };
};

export const theme = createTheme({
  variantColorResolver: variantColors,
  colors: { plum, gray, dark },
  primaryColor: "plum",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  respectReducedMotion: true,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "1.0625rem", lineHeight: "1.35" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
  components: {
    Button: { defaultProps: { size: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    Badge: {
      defaultProps: { variant: "light", radius: "sm" },
      styles: { root: { textTransform: "none", fontWeight: 500, letterSpacing: 0 } },
    },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, fz: "xs" } },
    Table: {
      defaultProps: {
        verticalSpacing: "xs",
        horizontalSpacing: "md",
        borderColor: "var(--line)",
        highlightOnHoverColor: "var(--surface-hover)",
      },
      styles: { th: { fontSize: "0.75rem", fontWeight: 500, color: "var(--mantine-color-dimmed)" } },
    },
    ScrollArea: { defaultProps: { scrollbarSize: 8 } },
    TextInput: { defaultProps: { size: "sm" } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.45 },
        closeButtonProps: { "aria-label": "Close" },
      },
    },
    Anchor: { defaultProps: { underline: "hover" } },
  },
});

/** The surfaces and the state colours, once for each scheme; the style sheets use only these. */
export const cssVariables: CSSVariablesResolver = (mantine) => ({
  variables: {},
  light: {
    "--mantine-color-body": gray[0],
    "--mantine-color-text": "#221f29",
    "--mantine-color-dimmed": "#686270",
    "--mantine-color-anchor": plum[7],
    "--surface": "#ffffff",
    "--surface-sunken": gray[1],
    "--surface-hover": gray[1],
    "--line": gray[2],
    "--line-strong": gray[3],
    "--state-success": "#126b33",
    "--state-success-soft": "#e7f6ec",
    "--state-failed": "#c4262e",
    "--state-failed-soft": "#fdecec",
    "--state-running": "#1c66c9",
    "--state-running-soft": "#e8f1fd",
    "--state-waiting": "#9a5b00",
    "--state-waiting-soft": "#fdf3df",
    "--state-idle": "#686270",
    "--state-idle-soft": gray[1],
    "--brand-soft": plum[0],
    "--brand-soft-hover": plum[1],
    "--brand-strong": plum[7],
    "--log-mark": "#ffe08a",
    "--code-line": "#faf8fc",
    "--code-selection": "#e0d3ee",
    "--code-keyword": "#8a1f6a",
    "--code-string": "#126b33",
    "--code-number": "#9a4a00",
    "--code-name": "#1c4f9c",
    "--code-function": "#5b3a8c",
    "--mantine-color-error": "#c4262e",
    "--mantine-color-red-text": "#c4262e",
  },
  dark: {
    "--mantine-color-body": dark[8],
    "--mantine-color-text": "#e6e3ea",
    "--mantine-color-dimmed": "#a29cab",
    "--mantine-color-anchor": plum[3],
    "--surface": dark[7],
    "--surface-sunken": "#121016",
    "--surface-hover": dark[6],
    "--line": "#2b2733",
    "--line-strong": dark[5],
    "--state-success": "#5fcf85",
    "--state-success-soft": "#16301f",
    "--state-failed": "#ff8a8a",
    "--state-failed-soft": "#3a1a1e",
    "--state-running": "#7fb4ff",
    "--state-running-soft": "#172a45",
    "--state-waiting": "#f0b75a",
    "--state-waiting-soft": "#38290f",
    "--state-idle": "#a29cab",
    "--state-idle-soft": dark[6],
    "--brand-soft": "#2a2036",
    "--brand-soft-hover": "#352845",
    "--brand-strong": plum[3],
    "--log-mark": "#6b5410",
    "--code-line": "#1f1b26",
    "--code-selection": "#43345a",
    "--code-keyword": "#f08cc8",
    "--code-string": "#7fd49b",
    "--code-number": "#f0b48a",
    "--code-name": "#8ebcff",
    "--code-function": "#c9a8f0",
    "--mantine-color-error": mantine.colors.red[4],
    "--mantine-color-red-text": "#ff8a8a",
  },
});
