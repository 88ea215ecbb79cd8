import { Select, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Notice } from "@/components/notice";
import { Panel } from "@/components/page";
import { useMay } from "@/components/permitted";
import type { Home, Runbook } from "./api";
import { DRAFT } from "./run-screen";
import { runTemplateQuery, snapshotPageQuery, snapshotQuery } from "./snapshots-api";

interface Props {
  home: Home;
  runbook: Runbook;
  snapshot: string | null;
}

/** Which snapshot is run; whoever may not change the runbook runs what is published. */
export function RunWhat({ home, runbook, snapshot }: Props) {
  if (home.branch === null) return <Stored home={home} runbook={runbook} snapshot={snapshot} />;
  return (
    <Notice tone="idle" icon={IconInfoCircle}>
      <Text size="sm">
        It runs as it is on the branch <b>{home.branch}</b>, with the newest versions of its packages.
      </Text>
    </Notice>
  );
}

function Stored({ home, runbook, snapshot }: Props) {
  const mayEdit = useMay({ permission: "RunbookEdit", space: home.space, project: runbook.ProjectId });
  const published = runbook.PublishedRunbookSnapshotId;
  const newest = useQuery(snapshotPageQuery(home, runbook.Id, "", 1)).data?.Items ?? [];
  const named = [published, snapshot].filter((id) => id !== null && !newest.some((one) => one.Id === id));
  const other = useQuery({ ...snapshotQuery(home.space, named[0] ?? ""), enabled: named.length > 0 }).data;
  const known = other ? [other, ...newest] : newest;
  const template = useQuery(runTemplateQuery(home.space, runbook.Id)).data;
  const navigate = useNavigate();
  const choose = (value: string | null) =>
    value &&
    void navigate({ to: ".", search: ((old: object) => ({ ...old, snapshot: value })) as never, replace: true });
  const data = [
    ...known
      .filter((one) => mayEdit || one.Id === published)
      .map((one) => ({ value: one.Id, label: one.Id === published ? `${one.Name} (published)` : one.Name })),
    ...(mayEdit ? [{ value: DRAFT, label: "The draft: as it is now" }] : []),
  ];
  const isOld =
    snapshot !== null &&
    snapshot === published &&
    (template?.IsRunbookProcessModified || template?.IsVariableSetModified || template?.IsLibraryVariableSetModified);
  return (
    <Panel>
      <Select
        label="What"
        maw={420}
        searchable
        allowDeselect={false}
        placeholder={data.length === 0 ? "Nothing is published" : undefined}
        data={data}
        value={snapshot ?? (mayEdit ? DRAFT : null)}
        onChange={choose}
      />
      {!mayEdit && (
        <Text size="sm" c="dimmed" mt="xs">
          {published
            ? "You may run what is published; anything else is for those who may change the runbook."
            : "Nothing is published yet, so whoever may not change the runbook cannot run it."}
        </Text>
      )}
      {isOld && (
        <Text size="sm" c="dimmed" mt="xs">
          The runbook or its variables changed since this snapshot was made. It runs what it has frozen.
        </Text>
      )}
    </Panel>
  );
}
