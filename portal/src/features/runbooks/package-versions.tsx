import { Autocomplete, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { packageVersionsQuery, type TemplatePackage } from "./snapshots-api";

/** The chosen version of each package, by its place in the process. */
export type Versions = Record<string, string>;

export function placeOf(one: Pick<TemplatePackage, "ActionName" | "PackageReferenceName">): string {
  return `${one.ActionName}/${one.PackageReferenceName}`;
}

interface Props {
  space: string;
  packages: readonly TemplatePackage[];
  versions: Versions;
  onVersions: (versions: Versions) => void;
}

/** A version for each package of the process; an empty field means the newest in the feed. */
export function PackageVersions({ space, packages, versions, onVersions }: Props) {
  return (
    <Stack gap="sm">
      {packages.map((one) =>
        one.FixedVersion ? (
          <Text key={placeOf(one)} size="sm">
            {labelOf(one)}: {one.FixedVersion}, which the step says.
          </Text>
        ) : (
          <OneVersion
            key={placeOf(one)}
            space={space}
            of={one}
            value={versions[placeOf(one)] ?? ""}
            onChange={(version) => onVersions({ ...versions, [placeOf(one)]: version })}
          />
        ),
      )}
    </Stack>
  );
}

interface OneProps {
  space: string;
  of: TemplatePackage;
  value: string;
  onChange: (version: string) => void;
}

function OneVersion({ space, of, value, onChange }: OneProps) {
  const [words] = useDebouncedValue(value, 250);
  const known = useQuery({ ...packageVersionsQuery(space, of.FeedId, of.PackageId, ""), enabled: of.IsResolvable });
  const versions = [...new Set((known.data ?? []).map((one) => one.Version))];
  const [newest] = versions;
  const before = of.VersionSelectedLastRelease && `The last snapshot has ${of.VersionSelectedLastRelease}.`;
  const isUnknown = words !== "" && known.isSuccess && versions.length < 50 && !versions.includes(words);
  return (
    <Autocomplete
      label={labelOf(of)}
      description={[`${of.PackageId} in ${of.FeedName}.`, before].filter(Boolean).join(" ")}
      placeholder={newest ? `${newest} (the newest)` : of.IsResolvable ? "No version in the feed" : "A version"}
      data={versions}
      value={value}
      onChange={onChange}
      error={isUnknown ? "The feed has no such version." : known.isError ? known.error.message : undefined}
      maxDropdownHeight={240}
    />
  );
}

function labelOf(one: TemplatePackage): string {
  return one.PackageReferenceName ? `${one.ActionName}: ${one.PackageReferenceName}` : one.ActionName;
}
