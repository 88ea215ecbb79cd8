import { SimpleGrid, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { DataTable, NameCell } from "@/components/data-table";
import { Loaded } from "@/components/loaded";
import { Notice } from "@/components/notice";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { notifyDone, notifyError } from "@/lib/notify";
import { type BuildInformation, buildQuery, buildUsageQuery, useDeleteBuild } from "./api";
import { BuildFacts, Outside } from "./build-facts";
import { UsagePanel } from "./usage-panel";

/** What a build told about one version: its commits, its work items, and the releases that it is in. */
export function BuildScreen() {
  const { space, build } = useParams({ from: "/shell/app/$space/library/builds/$build" });
  const query = useQuery(buildQuery(space, build));
  const title = query.data ? `${query.data.PackageId} ${query.data.Version}` : build;
  return (
    <Page
      title={title}
      crumbs={[{ text: "Build information", to: `/app/${space}/library/builds` }]}
      actions={query.data && <DeleteButton space={space} of={query.data} />}
    >
      <Loaded query={query} what="The build information">
        {(one) => (
          <Stack>
            {one.IncompleteDataWarning && (
              <Notice tone="waiting" icon={IconAlertTriangle}>
                <Text size="sm">{one.IncompleteDataWarning}</Text>
              </Notice>
            )}
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
              <Panel title="Build">
                <BuildFacts space={space} of={one} />
              </Panel>
              <UsagePanel space={space} query={buildUsageQuery(space, one.Id)} />
            </SimpleGrid>
            <WorkItems of={one} />
            <Commits of={one} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function WorkItems({ of }: { of: BuildInformation }) {
  if (of.WorkItems.length === 0) return null;
  return (
    <Panel title="Work items" flush>
      <DataTable
        label="Work items"
        rows={of.WorkItems}
        keyOf={(one) => `${one.Source}${one.Id}`}
        columns={[
          { head: "Work item", width: 200, cell: (one) => <Outside to={one.LinkUrl} text={one.Id} /> },
          { head: "What it says", cell: (one) => one.Description },
          { head: "From", width: 140, dimmed: true, wideOnly: true, cell: (one) => one.Source },
        ]}
      />
    </Panel>
  );
}

function Commits({ of }: { of: BuildInformation }) {
  return (
    <Panel title="Commits" flush>
      {of.Commits.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          The build told of no commits.
        </Text>
      ) : (
        <DataTable
          label="Commits"
          rows={of.Commits}
          keyOf={(one) => one.Id}
          columns={[
            { head: "Commit", width: 150, cell: (one) => <Outside to={one.LinkUrl} text={one.Id.slice(0, 12)} /> },
            { head: "What it says", cell: (one) => <NameCell name={null}>{one.Comment}</NameCell> },
          ]}
        />
      )}
    </Panel>
  );
}

function DeleteButton({ space, of }: { space: string; of: BuildInformation }) {
  const [asks, setAsks] = useState(false);
  const deleting = useDeleteBuild(space);
  const navigate = useNavigate();
  const confirm = () =>
    deleting.mutate(of.Id, {
      onSuccess: () => {
        notifyDone("The build information is deleted.");
        void navigate({ to: "/app/$space/library/builds", params: { space } });
      },
      onError: (error) => notifyError("The build information was not deleted", error),
      onSettled: () => setAsks(false),
    });
  return (
    <>
      <ActionButton
        variant="default"
        leftSection={<IconTrash size={16} />}
        need={{ permission: "BuildInformationAdminister", space }}
        onClick={() => setAsks(true)}
      >
        Delete
      </ActionButton>
      <Confirm
        opened={asks}
        title={`Delete the build information of ${of.PackageId} ${of.Version}?`}
        action="Delete"
        danger
        pending={deleting.isPending}
        onConfirm={confirm}
        onClose={() => setAsks(false)}
      >
        The package stays. Releases that were made with it keep what they know of its commits; new ones know nothing.
      </Confirm>
    </>
  );
}
