import { Button, Select } from "@mantine/core";
import { IconFolders, IconPlus, IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Project, projectGroupsQuery } from "@/api/reference";
import { EmptyState } from "@/components/empty-state";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { useList } from "@/lib/use-list";
import { AddProject } from "./add-project";
import { projectPageQuery } from "./api";
import { GroupsModal } from "./groups-modal";
import { MoveProjects } from "./move-projects";
import { ProjectTable } from "./project-table";

/** What is open above the list. */
type Open = { kind: "add" } | { kind: "clone"; project: Project } | { kind: "groups" } | { kind: "move" } | null;

export function ProjectsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/projects" });
  const list = useList<"group">();
  const projects = useQuery(projectPageQuery(space, list));
  const groups = useQuery(projectGroupsQuery(space)).data ?? [];
  const [open, setOpen] = useState<Open>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const close = () => setOpen(null);
  const add = (
    <ActionButton
      need={{ permission: "ProjectCreate", space, projectGroup: list.filters.group }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setOpen({ kind: "add" })}
    >
      Add a project
    </ActionButton>
  );
  const moved = (projects.data?.Items ?? []).filter((one) => chosen.has(one.Id));
  return (
    <Page
      title="Projects"
      description="What you deploy: applications and services, in groups."
      actions={
        <>
          <Button variant="default" leftSection={<IconFolders size={16} />} onClick={() => setOpen({ kind: "groups" })}>
            Groups
          </Button>
          {add}
        </>
      }
    >
      <ListPanel
        what="The projects"
        list={list}
        query={projects}
        find="Find a project"
        filters={
          <>
            <Select
              aria-label="Group"
              placeholder="All groups"
              searchable
              clearable
              w={{ base: "100%", xs: 220 }}
              data={groups.map((one) => ({ value: one.Id, label: one.Name }))}
              value={list.filters.group ?? null}
              onChange={(group) => list.narrow({ group })}
            />
            {moved.length > 0 && (
              <Button variant="default" onClick={() => setOpen({ kind: "move" })}>
                Move {moved.length === 1 ? "1 project" : `${moved.length} projects`}
              </Button>
            )}
          </>
        }
        empty={
          <EmptyState icon={IconStack2} title="No project yet" action={add}>
            A project is something that you deploy: an application, a service. It has a process, variables and releases.
          </EmptyState>
        }
      >
        {(items) => (
          <ProjectTable
            space={space}
            projects={items}
            groups={groups}
            chosen={chosen}
            onChoose={setChosen}
            onClone={(project) => setOpen({ kind: "clone", project })}
            onGroup={(group) => list.narrow({ group })}
          />
        )}
      </ListPanel>
      {open?.kind === "add" && <AddProject space={space} group={list.filters.group} onClose={close} />}
      {open?.kind === "clone" && <AddProject space={space} source={open.project} onClose={close} />}
      {open?.kind === "groups" && <GroupsModal space={space} onClose={close} />}
      {open?.kind === "move" && (
        <MoveProjects space={space} projects={moved} onMoved={() => setChosen(new Set())} onClose={close} />
      )}
    </Page>
  );
}
