import { Anchor, Autocomplete, Group, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect } from "react";
import { sentenceOf } from "@/api/errors";
import type { Channel } from "@/api/reference";
import { DataTable, NameCell } from "@/components/data-table";
import { Panel } from "@/components/page";
import { Ago } from "@/components/time";
import type { Release, Template, TemplatePackage } from "./api";
import { rulesOf, wordsOf } from "./package-rules";
import { type PackageVersion, useOffered, useRefusal } from "./versions";

/** The chosen version of each package, by action and reference; a package that is not in it gets the latest. */
export type Versions = Record<string, string>;
type Choice = Release["SelectedPackages"][number];

export function keyOf(one: Pick<Choice, "ActionName" | "PackageReferenceName">): string {
  return `${one.ActionName}/${one.PackageReferenceName ?? ""}`;
}

/** What the API is given of the choices: one for each package that the release needs and whose version is open. */
export function choicesOf(template: Template, versions: Versions): Choice[] {
  return template.Packages.filter((one) => one.FixedVersion === null).map((one) => ({
    ActionName: one.ActionName,
    StepName: one.StepName,
    PackageReferenceName: one.PackageReferenceName,
    Version: versions[keyOf(one)] ?? "",
  }));
}

interface Props {
  space: string;
  template: Template;
  channel: Channel | undefined;
  ignoresRules: boolean;
  versions: Versions;
  onVersions: (change: (old: Versions) => Versions) => void;
}

export function PackageChoices({ space, template, channel, ignoresRules, versions, onVersions }: Props) {
  const open = template.Packages.filter((one) => one.FixedVersion === null);
  if (template.Packages.length === 0) return null;
  const lasts = open.filter((one) => one.VersionSelectedLastRelease !== null);
  const takeLasts = () =>
    onVersions((old) => ({
      ...old,
      ...Object.fromEntries(lasts.map((one) => [keyOf(one), one.VersionSelectedLastRelease ?? ""])),
    }));
  // Without a choice, the newest that fits is proposed anew.
  const takeLatest = () =>
    onVersions((old) => {
      const keys = new Set(open.map(keyOf));
      return Object.fromEntries(Object.entries(old).filter(([key]) => !keys.has(key)));
    });
  return (
    <Panel
      title="Packages"
      flush
      aside={
        open.length > 0 && (
          <Group gap="sm">
            <Anchor component="button" type="button" size="sm" onClick={takeLatest}>
              Take the latest
            </Anchor>
            {lasts.length > 0 && (
              <Anchor component="button" type="button" size="sm" onClick={takeLasts}>
                Take the last release's
              </Anchor>
            )}
          </Group>
        )
      }
    >
      <DataTable
        label="Packages"
        rows={template.Packages}
        keyOf={keyOf}
        columns={[
          {
            head: "Package",
            cell: (one) => <NameCell name={one.PackageId}>{placeOf(one)}</NameCell>,
          },
          {
            head: "Last release",
            width: 130,
            dimmed: true,
            wideOnly: true,
            cell: (one) => one.VersionSelectedLastRelease ?? "–",
          },
          {
            head: "Version",
            width: "58%",
            cell: (one) =>
              one.FixedVersion ? (
                <Text size="sm">{one.FixedVersion}, fixed in the step</Text>
              ) : (
                <VersionField
                  space={space}
                  one={one}
                  channel={ignoresRules ? undefined : channel}
                  version={versions[keyOf(one)]}
                  onVersion={(version) => onVersions((old) => ({ ...old, [keyOf(one)]: version }))}
                />
              ),
          },
        ]}
      />
    </Panel>
  );
}

function placeOf(one: TemplatePackage): string {
  const reference = one.PackageReferenceName ? ` (${one.PackageReferenceName})` : "";
  return `${one.StepName}${reference} · ${one.FeedName}`;
}

interface FieldProps {
  space: string;
  one: TemplatePackage;
  channel: Channel | undefined;
  version: string | undefined;
  onVersion: (version: string) => void;
}

/** A version from the feed, or one that is typed; what the rules of the channel have against it is said at once. */
function VersionField({ space, one, channel, version, onVersion }: FieldProps) {
  const rules = rulesOf(channel, one);
  const first = useOffered(space, one, rules, "");
  const [typed] = useDebouncedValue(version ?? "", 300);
  const isOffered = [...first.fitting, ...first.others].some((offered) => offered.Version === typed);
  const words = isOffered || first.fitting.length + first.others.length < 50 ? "" : typed;
  const offered = useOffered(space, one, rules, words);
  const isFitting = offered.fitting.some((fits) => fits.Version === typed);
  const refusal = useRefusal(space, channel, rules, isFitting ? "" : typed);
  const newest = first.isRead ? first.fitting[0]?.Version : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: proposed when it is known, and when nothing is chosen any more
  useEffect(() => {
    if (newest && version === undefined) onVersion(newest);
  }, [newest, version]);
  const published = new Map([...offered.fitting, ...offered.others].map((found) => [found.Version, found]));
  return (
    <>
      <Autocomplete
        aria-label={`Version of ${one.PackageId}`}
        placeholder={one.IsResolvable ? "Choose a version" : "Type a version"}
        required
        data={groupsOf(offered.fitting, offered.others, rules.length > 0)}
        // A version that was chosen is no search: all of them are offered then.
        filter={words || isOffered ? ({ options }) => options : undefined}
        maxDropdownHeight={300}
        value={version ?? ""}
        onChange={onVersion}
        error={faultOf(one, offered.isRead && words === "", offered.fitting.length, offered.others.length) ?? refusal}
        renderOption={({ option }) => <VersionLine version={option.value} found={published.get(option.value)} />}
      />
      {offered.error !== null && (
        <Text size="xs" c="red" mt={4} role="alert">
          The feed {one.FeedName} does not answer: {sentenceOf(offered.error)}{" "}
          <Anchor component="button" type="button" size="xs" onClick={offered.retry}>
            Try again
          </Anchor>
        </Text>
      )}
      {rules.length > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          The channel takes: {rules.map(wordsOf).join("; ")}.
        </Text>
      )}
    </>
  );
}

function groupsOf(fitting: PackageVersion[], others: PackageVersion[], hasRules: boolean) {
  const names = (versions: PackageVersion[]) => [...new Set(versions.map((one) => one.Version))];
  if (!hasRules) return names(fitting);
  return [
    { group: "The channel takes these", items: names(fitting) },
    { group: "The channel does not take these", items: names(others) },
  ].filter((one) => one.items.length > 0);
}

function faultOf(one: TemplatePackage, isRead: boolean, fitting: number, others: number): string | null {
  if (!one.IsResolvable || !isRead || fitting > 0) return null;
  if (others > 0) return "The feed has no version of it that the channel takes.";
  return `The feed ${one.FeedName} has no version of it. Push the package first.`;
}

function VersionLine({ version, found }: { version: string; found: PackageVersion | undefined }) {
  return (
    <Group justify="space-between" gap="md" wrap="nowrap" w="100%">
      <Text size="sm" className="numbers">
        {version}
      </Text>
      {found?.Published && (
        <Text size="xs" c="dimmed">
          <Ago at={found.Published} />
        </Text>
      )}
    </Group>
  );
}
