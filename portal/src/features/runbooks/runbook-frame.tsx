import { Badge, Group } from "@mantine/core";
import { IconCamera, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Project, projectQuery } from "@/api/reference";
import { BranchPicker, useBranch } from "@/components/branch-picker";
import { ButtonLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { ActionButton, Permitted } from "@/components/permitted";
import { runbookQuery } from "./api";
import classes from "./runbooks.module.css";
import { SnapshotForm } from "./snapshot-form";

const PATH = "/app/$space/projects/$project/runbooks/$runbook";
const TABS = [
  { to: PATH, word: "Overview", exact: true },
  { to: `${PATH}/snapshots`, word: "Snapshots", stored: true },
  { to: `${PATH}/runs`, word: "Runs" },
  { to: `${PATH}/settings`, word: "Settings" },
] as const;

/** What all screens of a runbook share; a project in Git has no snapshots to publish, since its branch is what is run. */
export function RunbookFrame() {
  const { space, project: named } = useParams({ from: `/shell${PATH}` });
  const project = useQuery(projectQuery(space, named));
  if (project.data) return <Frame space={space} project={project.data} />;
  return (
    <Page title="Runbook" crumbs={[{ text: "Projects", to: `/app/${space}/projects` }]}>
      <Loaded query={project} what="The project">
        {() => null}
      </Loaded>
    </Page>
  );
}

function Frame({ space, project }: { space: string; project: Project }) {
  const params = useParams({ from: `/shell${PATH}` });
  const branch = useBranch(project);
  const home = { space, project: project.Id, branch };
  const runbook = useQuery(runbookQuery(home, params.runbook));
  const [freezing, setFreezing] = useState(false);
  const place = { space, project: project.Id };
  const isStored = branch === null;
  const keepBranch = (old: { branch?: string }) => ({ branch: old.branch });
  return (
    <Page
      title={runbook.data?.Name ?? params.runbook}
      crumbs={[
        { text: "Projects", to: `/app/${space}/projects` },
        { text: project.Name, to: `/app/${space}/projects/${params.project}` },
        { text: "Runbooks", to: `/app/${space}/projects/${params.project}/runbooks` },
      ]}
      aside={
        isStored &&
        runbook.data && (
          <Badge color={runbook.data.PublishedRunbookSnapshotId ? "plum" : "gray"}>
            {runbook.data.PublishedRunbookSnapshotId ? "Published" : "Draft only"}
          </Badge>
        )
      }
      description={runbook.data?.Description}
      actions={
        <>
          <BranchPicker space={space} project={project} />
          {isStored && (
            <ActionButton
              variant="default"
              need={{ permission: "RunbookSnapshotCreate", ...place }}
              leftSection={<IconCamera size={16} />}
              onClick={() => setFreezing(true)}
            >
              Publish
            </ActionButton>
          )}
          <Permitted need={{ permission: "RunbookRunCreate", ...place }}>
            {(isAllowed) => (
              <ButtonLink
                to={`${PATH}/run`}
                params={params}
                search={keepBranch}
                disabled={!isAllowed}
                leftSection={<IconPlayerPlay size={16} />}
              >
                Run
              </ButtonLink>
            )}
          </Permitted>
        </>
      }
      tabs={
        <nav aria-label="Runbook">
          <Group gap={22} wrap="nowrap" className={classes.tabs}>
            {TABS.filter((tab) => isStored || !("stored" in tab)).map((tab) => (
              <Link
                key={tab.word}
                to={tab.to}
                params={params}
                search={keepBranch}
                activeOptions={{ exact: "exact" in tab, includeSearch: false }}
                className={classes.tab}
              >
                {tab.word}
              </Link>
            ))}
          </Group>
        </nav>
      }
    >
      <Loaded query={runbook} what="The runbook">
        {(data) => (
          <>
            <Outlet />
            {freezing && <SnapshotForm home={home} runbook={data} onClose={() => setFreezing(false)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
