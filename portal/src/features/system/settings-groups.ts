import type { Section } from "./settings-api";

export interface SettingsGroup {
  name: string;
  isSignIn: boolean;
  sections: Section[];
}

const GROUPS: readonly (readonly [string, RegExp])[] = [
  ["Server", /^(?:server|webportal|features|maintenance|retention-default)$/],
  ["Sending", /^(?:smtp|audit-stream)$/],
  ["Signing in", /^authentication/],
];
/** What the server keeps and does not act on; it stands last. */
export const REST = "Kept for other programs";

/** The sections by what they are about; what the server only keeps stands at the end. */
export function groupsOf(sections: readonly Section[]): SettingsGroup[] {
  const nameOf = (section: Section) => GROUPS.find(([, pattern]) => pattern.test(section.Id))?.[0] ?? REST;
  return [...GROUPS.map(([name]) => name), REST]
    .map((name) => ({
      name,
      isSignIn: name === "Signing in",
      sections: sections.filter((one) => nameOf(one) === name),
    }))
    .filter((group) => group.sections.length > 0);
}
