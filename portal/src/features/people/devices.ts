const BROWSERS: [RegExp, string][] = [
  [/\bEdg\//, "Edge"],
  [/\bFirefox\//, "Firefox"],
  [/Chrom(e|ium)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/\b(iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

function named(device: string, known: [RegExp, string][]): string | undefined {
  return known.find(([sign]) => sign.test(device))?.[1];
}

/** What a program called itself, in words that people know: `Firefox on Linux`. */
export function deviceOf(device: string, means: string): string {
  if (!device) return means === "access token" ? "A program" : "Unknown";
  const browser = named(device, BROWSERS);
  const system = named(device, SYSTEMS);
  if (browser) return system ? `${browser} on ${system}` : browser;
  return device.length > 40 ? `${device.slice(0, 40)}…` : device;
}
