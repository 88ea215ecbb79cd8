import { Switch, TextInput } from "@mantine/core";
import { IconHammer } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { Ago } from "@/components/time";
import { useList } from "@/lib/use-list";
import { type BuildInformation, buildsQuery } from "./api";
import { Outside } from "./build-facts";

/** What build servers told about versions of packages. */
export function BuildsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/library/builds" });
  const list = useList<"version" | "latest">();
  const isLatest = list.filters.latest !== undefined;
  const builds = useQuery(buildsQuery(space, list, list.filters.version ?? "", isLatest));
  return (
    <Page
      title="Build information"
      description="Where versions of packages come from: the build, its commits and the work they resolve."
    >
      <ListPanel
        what="The build information"
        list={list}
        query={builds}
        find="Find a package"
        filters={
          <>
            <TextInput
              aria-label="Version"
              placeholder="Version"
              w={140}
              value={list.filters.version ?? ""}
              onChange={(event) => list.narrow({ version: event.currentTarget.value || null })}
            />
            <Switch
              label="Newest of each package"
              checked={isLatest}
              onChange={(event) => list.narrow({ latest: event.currentTarget.checked ? "yes" : null })}
            />
          </>
        }
        empty={
          <EmptyState icon={IconHammer} title="No build information yet">
            Build servers push it along with packages:{" "}
            <code>octopus build-information upload --package-id Hello.Web --version 1.0.0 --file build.json</code>
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable label="Build information" rows={items} columns={columnsOf(space)} keyOf={(one) => one.Id} />
        )}
      </ListPanel>
    </Page>
  );
}

function columnsOf(space: string): Column<BuildInformation>[] {
  return [
    {
      head: "Package",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/library/builds/$build" params={{ space, build: one.Id }} c="inherit">
              {one.PackageId} {one.Version}
            </TextLink>
          }
        >
          {one.BuildEnvironment}
        </NameCell>
      ),
    },
    { head: "Build", width: 150, cell: (one) => <Outside to={one.BuildUrl} text={one.BuildNumber} /> },
    { head: "Branch", width: 180, wideOnly: true, dimmed: true, cell: (one) => one.Branch },
    {
      head: "Commits",
      width: 90,
      align: "right",
      wideOnly: true,
      cell: (one) => <span className="numbers">{one.Commits.length}</span>,
    },
    {
      head: "Work items",
      width: 100,
      align: "right",
      wideOnly: true,
      cell: (one) => <span className="numbers">{one.WorkItems.length}</span>,
    },
    { head: "Told", width: 150, wideOnly: true, dimmed: true, cell: (one) => one.Created && <Ago at={one.Created} /> },
  ];
}
