import { Select, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { type Project, projectGroupsQuery } from "@/api/reference";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";

interface Props {
  space: string;
  projects: Project[];
  onMoved: () => void;
  onClose: () => void;
}

/** Puts projects into another group, one after the other; what was moved before a refusal stays moved. */
export function MoveProjects({ space, projects, onMoved, onClose }: Props) {
  const client = useQueryClient();
  const groups = useQuery(projectGroupsQuery(space)).data ?? [];
  const moving = useMutation({
    mutationFn: async (group: string) => {
      for (const project of projects.filter((one) => one.ProjectGroupId !== group)) {
        const params = { path: { space, id: project.Id } };
        await answer(api.PUT("/api/{space}/projects/{id}", { params, body: { ...project, ProjectGroupId: group } }));
      }
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["projects", space] });
      void client.invalidateQueries({ queryKey: ["dashboard", space] });
    },
  });
  const form = useForm({ ProjectGroupId: "" }, moving.error);
  const group = form.value.ProjectGroupId;
  return (
    <FormModal
      title={projects.length === 1 ? `Move ${projects[0]?.Name}` : `Move ${projects.length} projects`}
      action="Move"
      form={form}
      pending={moving.isPending}
      barred={group ? null : "Choose the group first."}
      need={{ permission: "ProjectEdit", space }}
      onSubmit={() =>
        moving.mutate(group, {
          onSuccess: () => {
            onMoved();
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">
        Who may do something in a group may do it to the projects that are in it.
      </Text>
      <Select
        label="To the group"
        searchable
        data-autofocus
        data={groups.map((one) => ({ value: one.Id, label: one.Name }))}
        value={group || null}
        onChange={(value) => form.set({ ProjectGroupId: value ?? "" })}
        error={form.fault("ProjectGroupId")}
      />
    </FormModal>
  );
}
