import { Accordion, Badge, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Shape } from "@/api/client";
import { type Column, DataTable } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { retentionPreviewQuery } from "./api";

type OfProject = Shape<"ProjectRetention">;
type OfRelease = Shape<"ReleaseRetention">;

/** As many as a person reads; the counts say how many there are. */
const SHOWN = 100;

interface Props {
  space: string;
  lifecycle: string;
  onClose: () => void;
}

/** What the saved policies would delete if they were applied now, by project, with the reason for what stays. */
export function RetentionPreview({ space, lifecycle, onClose }: Props) {
  const preview = useQuery(retentionPreviewQuery(space, lifecycle));
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>What retention would delete now</Text>}>
      <Loaded query={preview} what="The preview">
        {(projects) => (
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              By the policies as they are saved; changes on the screen do not count yet. Nothing is deleted by looking.
            </Text>
            {projects.length === 0 ? (
              <Text size="sm">No project that you may see follows this lifecycle.</Text>
            ) : (
              <Accordion variant="separated">
                {projects.map((project) => (
                  <Accordion.Item key={project.ProjectId} value={project.ProjectId}>
                    <Accordion.Control>
                      {project.ProjectName}{" "}
                      <Badge color={project.Deleted > 0 ? "red" : "gray"} ml={6}>
                        {project.Deleted} would go
                      </Badge>{" "}
                      <Badge color="gray">{project.Kept} stay</Badge>
                    </Accordion.Control>
                    <Accordion.Panel>
                      <OneProject space={space} project={project} />
                    </Accordion.Panel>
                  </Accordion.Item>
                ))}
              </Accordion>
            )}
          </Stack>
        )}
      </Loaded>
    </Modal>
  );
}

function OneProject({ space, project }: { space: string; project: OfProject }) {
  const going = project.Releases.filter((one) => !one.IsKept);
  const shown = [...going, ...project.Releases.filter((one) => one.IsKept)].slice(0, SHOWN);
  return (
    <Stack gap="xs">
      {project.Groups.map((group) => (
        <Text key={group.Name} size="sm" c="dimmed">
          {group.Name}: {group.Phases.map((phase) => `${phase.Name} keeps ${phase.Keeps}`).join("; ")}.
        </Text>
      ))}
      {shown.length > 0 && (
        <DataTable
          label={`Releases of ${project.ProjectName}`}
          rows={shown}
          columns={columnsOf(space, project.ProjectId)}
          keyOf={(one) => one.ReleaseId}
        />
      )}
      {project.Releases.length > SHOWN && (
        <Text size="sm" c="dimmed">
          These are {SHOWN} of {project.Releases.length}.
        </Text>
      )}
    </Stack>
  );
}

function columnsOf(space: string, project: string): Column<OfRelease>[] {
  const to = "/app/$space/projects/$project/releases/$version";
  return [
    {
      head: "Release",
      width: 130,
      cell: (one) => (
        <TextLink to={to} params={{ space, project, version: one.Version }}>
          {one.Version}
        </TextLink>
      ),
    },
    {
      head: "Fate",
      width: 90,
      cell: (one) => <Badge color={one.IsKept ? "gray" : "red"}>{one.IsKept ? "Stays" : "Goes"}</Badge>,
    },
    { head: "Because", dimmed: true, cell: (one) => one.Reasons.join(" ") },
  ];
}
