import { ActionIcon, Anchor, Menu } from "@mantine/core";
import { IconCopy, IconDots, IconSettings } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lifecyclesQuery, type Project } from "@/api/reference";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { MenuLink, TextLink } from "@/components/links";
import { ActionItem } from "@/components/permitted";
import { ProjectLogo } from "@/components/project-logo";
import { StateBadge } from "@/components/state";
import { firstLineOf } from "@/lib/first-line";
import type { ProjectGroup } from "./group-form";
import classes from "./projects-screen.module.css";

interface Props {
  space: string;
  projects: Project[];
  groups: ProjectGroup[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  onClone: (project: Project) => void;
  onGroup: (group: string) => void;
}

export function ProjectTable({ space, projects, groups, chosen, onChoose, onClone, onGroup }: Props) {
  const lifecycles = useQuery(lifecyclesQuery(space)).data ?? [];
  const columns: Column<Project>[] = [
    { head: "Project", cell: (project) => <NameAndLogo space={space} project={project} /> },
    {
      head: "Group",
      width: 190,
      wideOnly: true,
      cell: ({ ProjectGroupId: id }) => (
        <Anchor component="button" type="button" size="sm" c="dimmed" onClick={() => onGroup(id)}>
          {groups.find((one) => one.Id === id)?.Name ?? id}
        </Anchor>
      ),
    },
    {
      head: "Lifecycle",
      width: 200,
      wideOnly: true,
      dimmed: true,
      cell: (project) => lifecycles.find((one) => one.Id === project.LifecycleId)?.Name ?? project.LifecycleId,
    },
    {
      head: "Actions",
      spoken: true,
      width: 60,
      align: "right",
      cell: (project) => <Actions space={space} project={project} onClone={() => onClone(project)} />,
    },
  ];
  return (
    <DataTable
      label="Projects"
      rows={projects}
      columns={columns}
      keyOf={(project) => project.Id}
      isMuted={(project) => project.IsDisabled}
      selection={{ chosen, onChange: onChoose, nameOf: (project) => project.Name }}
    />
  );
}

function NameAndLogo({ space, project }: { space: string; project: Project }) {
  return (
    <div className={classes.project}>
      <ProjectLogo space={space} project={project.Id} size={32} />
      <div className={classes.words}>
        <NameCell
          name={
            <>
              <TextLink to="/app/$space/projects/$project" params={{ space, project: project.Slug }} c="inherit">
                {project.Name}
              </TextLink>{" "}
              {project.IsDisabled && <StateBadge of="cancelled" word="Disabled" />}
            </>
          }
        >
          {firstLineOf(project.Description)}
        </NameCell>
      </div>
    </div>
  );
}

function Actions({ space, project, onClone }: { space: string; project: Project; onClone: () => void }) {
  const isInGit = project.PersistenceSettings?.Type === "VersionControlled";
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon aria-label={`More on ${project.Name}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <MenuLink
          leftSection={<IconSettings size={16} />}
          to="/app/$space/projects/$project/settings"
          params={{ space, project: project.Slug }}
        >
          Settings
        </MenuLink>
        <ActionItem
          leftSection={<IconCopy size={16} />}
          need={{ permission: "ProjectCreate", space, projectGroup: project.ProjectGroupId }}
          barred={isInGit ? "This project is in Git, and a clone would have none of its files." : null}
          onClick={onClone}
        >
          Clone
        </ActionItem>
      </Menu.Dropdown>
    </Menu>
  );
}
