import { Badge } from "@mantine/core";
import { IconCamera, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Project, projectQuery } from "@/api/reference";
import { BranchPicker } from "@/components/branch-picker";
import { ButtonLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { ActionButton, Permitted } from "@/components/permitted";
import { type TabLink, TabLinks } from "@/components/tab-links";
import { runbookQuery } from "./api";
import { SnapshotForm } from "./snapshot-form";
import { keepBranch, useHomeOf } from "./use-home";

const PATH = "/app/$space/projects/$project/runbooks/$runbook";
function tabsOf(params: { space: string; project: string; runbook: string }, isStored: boolean): TabLink[] {
  const tab = <To extends string>(to: To) => ({ to, params, search: keepBranch }) as TabLink["link"];
  return [
    { word: "Overview", link: tab(PATH), exact: true },
    { word: "Process", link: tab(`${PATH}/process`) },
    ...(isStored ? [{ word: "Snapshots", link: tab(`${PATH}/snapshots`) }] : []),
    { word: "Runs", link: tab(`${PATH}/runs`) },
    { word: "Settings", link: tab(`${PATH}/settings`) },
  ];
}

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
  const home = useHomeOf(space, project);
  const runbook = useQuery(runbookQuery(home, params.runbook));
  const [freezing, setFreezing] = useState(false);
  const place = { space, project: project.Id };
  const isStored = home.branch === null;
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
          {!isStored && <BranchPicker space={space} project={project} />}
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
      tabs={<TabLinks label="Runbook" tabs={tabsOf(params, isStored)} />}
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
