import { ActionIcon, Badge, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconPencil, IconPlayerPlay, IconRefresh, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { DeleteButton } from "@/components/delete-button";
import { Facts } from "@/components/facts";
import { ButtonLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ActionButton, useMay } from "@/components/permitted";
import { Ago } from "@/components/time";
import { notifyDone, notifyError } from "@/lib/notify";
import type { Home, Runbook } from "./api";
import { EditSnapshot } from "./edit-snapshot";
import { SnapshotDifference } from "./snapshot-difference";
import { SnapshotRuns } from "./snapshot-runs";
import { SnapshotSteps } from "./snapshot-steps";
import { type Snapshot, snapshotQuery, useSnapshotDeeds } from "./snapshots-api";
import { useRunbook } from "./use-home";

const PATH = "/app/$space/projects/$project/runbooks/$runbook";

/** A snapshot within its runbook: what it froze, how that differs from today, and its runs. */
export function SnapshotScreen() {
  const { space, snapshot: id } = useParams({ from: `/shell${PATH}/snapshots/$snapshot` });
  const { home, runbook } = useRunbook();
  const snapshot = useQuery(snapshotQuery(space, id));
  return (
    <Loaded query={snapshot} what="The snapshot">
      {(data) => <Shown home={home} runbook={runbook} snapshot={data} />}
    </Loaded>
  );
}

interface Props {
  home: Home;
  runbook: Runbook;
  snapshot: Snapshot;
}

function Shown({ home, runbook, snapshot }: Props) {
  const { show = "content" } = useSearch({ from: `/shell${PATH}/snapshots/$snapshot` });
  const navigate = useNavigate();
  return (
    <Stack>
      <Head home={home} runbook={runbook} snapshot={snapshot} />
      <SegmentedControl
        aria-label="What to show"
        data={[
          { value: "content", label: "What it froze" },
          { value: "difference", label: "Difference from today" },
          { value: "runs", label: "Runs" },
        ]}
        value={show}
        onChange={(value) =>
          void navigate({
            to: ".",
            search: ((old: object) => ({ ...old, show: value === "content" ? undefined : value })) as never,
            replace: true,
          })
        }
        style={{ alignSelf: "flex-start", maxWidth: "100%" }}
      />
      {show === "content" && <SnapshotSteps space={home.space} snapshot={snapshot} />}
      {show === "difference" && <SnapshotDifference home={home} runbook={runbook} snapshot={snapshot} />}
      {show === "runs" && <SnapshotRuns space={home.space} snapshot={snapshot} />}
    </Stack>
  );
}

function Head({ home, runbook, snapshot }: Props) {
  const params = useParams({ from: `/shell${PATH}/snapshots/$snapshot` });
  const { space } = home;
  const isPublished = snapshot.Id === runbook.PublishedRunbookSnapshotId;
  const [editing, setEditing] = useState(false);
  const [renewing, setRenewing] = useState(false);
  const deeds = useSnapshotDeeds(home, runbook);
  const navigate = useNavigate();
  const need = { permission: "RunbookEdit", space, project: runbook.ProjectId };
  const mayEdit = useMay(need);
  const publish = () =>
    deeds.publish.mutate(snapshot.Id, {
      onSuccess: () => notifyDone(`${snapshot.Name} is published.`),
      onError: (error) => notifyError("It was not published", error),
    });
  const renew = () => {
    setRenewing(false);
    deeds.renewVariables.mutate(snapshot.Id, {
      onSuccess: () => notifyDone("The snapshot has the variables of now."),
      onError: (error) => notifyError("The variables were not taken", error),
    });
  };
  return (
    <Panel>
      <Group justify="space-between" align="flex-start">
        <Stack gap={4}>
          <Group gap="xs">
            <Text fw={600} size="lg">
              {snapshot.Name}
            </Text>
            {isPublished && <Badge>Published</Badge>}
            {mayEdit && (
              <ActionIcon aria-label="Change name and notes" onClick={() => setEditing(true)}>
                <IconPencil size={16} />
              </ActionIcon>
            )}
          </Group>
          <Facts
            facts={[
              ["Frozen", snapshot.Assembled && <Ago key="at" at={snapshot.Assembled} />],
              ["By", snapshot.LastModifiedBy],
              ["Notes", snapshot.Notes],
            ]}
          />
        </Stack>
        <Group gap="xs">
          <DeleteButton
            need={need}
            barred={isPublished ? "It is published: publish another one first." : null}
            what={`the snapshot ${snapshot.Name}`}
            deleting={() => deeds.remove.mutateAsync(snapshot.Id)}
            onDeleted={() => void navigate({ to: `${PATH}/snapshots`, params })}
          >
            Its runs go with it, with their logs.
          </DeleteButton>
          <ActionButton
            variant="default"
            need={need}
            loading={deeds.renewVariables.isPending}
            leftSection={<IconRefresh size={16} />}
            onClick={() => setRenewing(true)}
          >
            Update variables
          </ActionButton>
          {!isPublished && (
            <ActionButton
              variant="default"
              need={need}
              loading={deeds.publish.isPending}
              leftSection={<IconUpload size={16} />}
              onClick={publish}
            >
              Publish it
            </ActionButton>
          )}
          <ButtonLink
            to={`${PATH}/run`}
            params={params}
            search={{ snapshot: snapshot.Id }}
            variant="default"
            leftSection={<IconPlayerPlay size={16} />}
          >
            Run it
          </ButtonLink>
        </Group>
      </Group>
      {editing && <EditSnapshot home={home} runbook={runbook} snapshot={snapshot} onClose={() => setEditing(false)} />}
      <Confirm
        opened={renewing}
        title="Take the variables as they are now?"
        action="Update variables"
        onConfirm={renew}
        onClose={() => setRenewing(false)}
      >
        The snapshot forgets the values that it has frozen. Runs to come use those of now; its steps stay.
      </Confirm>
    </Panel>
  );
}
