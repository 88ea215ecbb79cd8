import { Autocomplete, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Panel } from "@/components/page";
import { WideTable } from "@/components/wide-table";
import { feedVersionsQuery, type Template, type TemplatePackage } from "./api";

/** The chosen version of each package, by action and reference. */
export type Versions = Record<string, string>;

export function keyOf(one: TemplatePackage): string {
  return `${one.ActionName}/${one.PackageReferenceName}`;
}

interface Props {
  space: string;
  template: Template;
  versions: Versions;
  onVersions: (change: (old: Versions) => Versions) => void;
}

export function PackageChoices({ space, template, versions, onVersions }: Props) {
  if (template.Packages.length === 0) return null;
  return (
    <Panel title="Packages" flush>
      <WideTable minWidth={480}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Package</Table.Th>
              <Table.Th w={150}>Last release</Table.Th>
              <Table.Th w={240}>Version</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {template.Packages.map((one) => (
              <PackageRow
                key={keyOf(one)}
                space={space}
                one={one}
                version={versions[keyOf(one)] ?? ""}
                onVersion={(version) => onVersions((old) => ({ ...old, [keyOf(one)]: version }))}
              />
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Panel>
  );
}

interface RowProps {
  space: string;
  one: TemplatePackage;
  version: string;
  onVersion: (version: string) => void;
}

function PackageRow({ space, one, version, onVersion }: RowProps) {
  const versions = useQuery(feedVersionsQuery(space, one));
  const newest = versions.data?.[0]?.Version;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest version is proposed once, when it is known
  useEffect(() => {
    if (newest && version === "") onVersion(newest);
  }, [newest]);
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={500}>{one.PackageId}</Text>
        <Text size="xs" c="dimmed">
          {one.StepName} · {one.FeedName}
        </Text>
      </Table.Td>
      <Table.Td c="dimmed">{one.VersionSelectedLastRelease}</Table.Td>
      <Table.Td>
        {one.FixedVersion ? (
          one.FixedVersion
        ) : (
          <Autocomplete
            aria-label={`Version of ${one.PackageId}`}
            placeholder="Choose a version"
            required
            data={[...new Set((versions.data ?? []).map((found) => found.Version))]}
            value={version}
            onChange={onVersion}
            error={versions.data?.length === 0 && "No version of it has been pushed"}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}
