import { Table, Text, TextInput } from "@mantine/core";
import { IconPackage, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { Pages } from "@/components/pages";
import { Ago } from "@/components/time";
import { WideTable } from "@/components/wide-table";
import { sizeOf } from "@/lib/time";
import { PAGE_SIZE, type Package, packagesQuery } from "./api";
import { UploadArea } from "./upload-area";

export function PackagesScreen() {
  const { space } = useParams({ from: "/shell/app/$space/library/packages" });
  const [words, setWords] = useState("");
  const [page, setPage] = useState(1);
  const packages = useQuery(packagesQuery(space, words, page));
  const isEmpty = packages.data?.TotalResults === 0 && words === "";
  return (
    <Page title="Packages" description="What has been pushed to the built-in feed, with the newest version of each.">
      <UploadArea space={space} />
      {!isEmpty && (
        <TextInput
          mb="md"
          w={300}
          placeholder="Find a package"
          aria-label="Find a package"
          leftSection={<IconSearch size={15} />}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            setPage(1);
          }}
        />
      )}
      <Panel flush>
        <Loaded query={packages} what="The packages">
          {({ Items, TotalResults }) => (
            <>
              {isEmpty && <NoPackages />}
              {!isEmpty && Items.length === 0 && (
                <Text size="sm" c="dimmed" p="xl" ta="center">
                  No package has this in its name.
                </Text>
              )}
              {Items.length > 0 && <PackageTable packages={Items} space={space} />}
              <Pages total={TotalResults} size={PAGE_SIZE} page={page} onPage={setPage} />
            </>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

function NoPackages() {
  return (
    <EmptyState icon={IconPackage} title="No package yet">
      Drop a file above, or let your build push one: <code>octopus package upload --package Hello.Web.1.0.0.zip</code>
    </EmptyState>
  );
}

function PackageTable({ packages, space }: { packages: Package[]; space: string }) {
  return (
    <WideTable minWidth={480}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Package</Table.Th>
            <Table.Th>Newest version</Table.Th>
            <Table.Th w={110}>Size</Table.Th>
            <Table.Th w={160}>Pushed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {packages.map((one) => (
            <Table.Tr key={one.Id}>
              <Table.Td>
                <TextLink
                  to="/app/$space/library/packages/$packageId"
                  params={{ space, packageId: one.PackageId }}
                  c="inherit"
                  fw={500}
                >
                  {one.PackageId}
                </TextLink>
                {one.Description && (
                  <Text size="xs" c="dimmed" lineClamp={1}>
                    {one.Description}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{one.Version}</Table.Td>
              <Table.Td c="dimmed">{sizeOf(one.PackageSizeBytes)}</Table.Td>
              <Table.Td c="dimmed">{one.Published && <Ago at={one.Published} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
