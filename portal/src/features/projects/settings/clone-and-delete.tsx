import { Group, Text } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Project } from "@/api/reference";
import { DeleteButton } from "@/components/delete-button";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { AddProject } from "../add-project";
import { useDeleteProject } from "./api";

/** A copy of the project, and its end. */
export function CloneAndDelete({ space, project }: { space: string; project: Project }) {
  const [cloning, setCloning] = useState(false);
  const navigate = useNavigate();
  const deleting = useDeleteProject(space);
  const place = { space, project: project.Id, projectGroup: project.ProjectGroupId };
  const isInGit = project.PersistenceSettings?.Type === "VersionControlled";
  return (
    <Panel title="Clone or delete">
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed" flex="1 1 320px">
          A clone starts with the same settings, process, variables, channels and runbooks, and without releases.
          Deleting takes all of that along, with every release and the logs of their deployments.
        </Text>
        <Group gap="xs">
          <ActionButton
            variant="default"
            need={{ permission: "ProjectCreate", space, projectGroup: project.ProjectGroupId }}
            barred={isInGit ? "This project is in Git, and a clone would have none of its files." : null}
            leftSection={<IconCopy size={16} />}
            onClick={() => setCloning(true)}
          >
            Clone
          </ActionButton>
          <DeleteButton
            what={`the project ${project.Name}`}
            need={{ permission: "ProjectDelete", ...place }}
            deleting={() => deleting.mutateAsync(project.Id)}
            onDeleted={() => navigate({ to: "/app/$space/projects", params: { space } })}
          >
            Its process, variables, channels, runbooks, triggers and releases go with it, and the history of what was
            deployed. What runs on the targets stays as it is.
          </DeleteButton>
        </Group>
      </Group>
      {cloning && <AddProject space={space} source={project} onClose={() => setCloning(false)} />}
    </Panel>
  );
}
