import { Button, Group, Select, Textarea, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { lifecyclesQuery, type Project, projectGroupsQuery } from "@/api/reference";
import { FormModal } from "@/components/form";
import { Picker } from "@/components/picker";
import { useForm } from "@/lib/use-form";
import { type NewProject, useAddProject } from "./api";
import { GroupForm } from "./group-form";

interface Props {
  space: string;
  /** The group that it is added to, where that is known. */
  group?: string;
  /** The project that is cloned. */
  source?: Project;
  onClose: () => void;
}

/** A new project, on its own or as a clone of another one; then its overview, which says how to go on. */
export function AddProject({ space, group, source, onClose }: Props) {
  const groups = useQuery(projectGroupsQuery(space)).data ?? [];
  const lifecycles = useQuery(lifecyclesQuery(space)).data ?? [];
  const [grouping, setGrouping] = useState(false);
  const adding = useAddProject(space);
  const navigate = useNavigate();
  const form = useForm<NewProject>(startOf(group, source), adding.error);
  const groupId = form.value.ProjectGroupId || groups[0]?.Id || "";
  const lifecycleId = form.value.LifecycleId || lifecycles[0]?.Id || "";
  const clones = form.value.clone !== null;
  const submit = () =>
    adding.mutate(
      { ...form.value, ProjectGroupId: groupId, LifecycleId: lifecycleId },
      { onSuccess: ({ Slug }) => navigate({ to: "/app/$space/projects/$project", params: { space, project: Slug } }) },
    );
  return (
    <FormModal
      title={source ? `Clone ${source.Name}` : "Add a project"}
      action={clones ? "Clone" : "Add"}
      form={form}
      pending={adding.isPending}
      need={{ permission: "ProjectCreate", space, projectGroup: groupId || undefined }}
      barred={groupId && lifecycleId ? null : "The project groups and the lifecycles have not been read yet."}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="Web shop"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Name")}
      />
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <Select
          label="Project group"
          flex={1}
          allowDeselect={false}
          searchable
          data={groups.map((one) => ({ value: one.Id, label: one.Name }))}
          value={groupId}
          onChange={(value) => value && form.set({ ProjectGroupId: value })}
          error={form.fault("ProjectGroupId")}
        />
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setGrouping(true)}>
          New group
        </Button>
      </Group>
      <Select
        label="Lifecycle"
        description="Which environments its releases go through, in which order."
        allowDeselect={false}
        searchable
        data={lifecycles.map((one) => ({ value: one.Id, label: one.Name }))}
        value={lifecycleId}
        onChange={(value) => value && form.set({ LifecycleId: value })}
        error={form.fault("LifecycleId")}
      />
      {!source && (
        <Picker
          kind="projects"
          space={space}
          label="Clone from"
          description="Its settings, process, variables, channels and runbooks are copied."
          placeholder="No project: begin with nothing"
          value={form.value.clone}
          onChange={(clone) => form.set({ clone })}
        />
      )}
      {grouping && (
        <GroupForm
          space={space}
          onSaved={(made) => form.set({ ProjectGroupId: made.Id })}
          onClose={() => setGrouping(false)}
        />
      )}
    </FormModal>
  );
}

function startOf(group: string | undefined, source: Project | undefined): NewProject {
  return {
    Name: "",
    Description: source?.Description ?? "",
    ProjectGroupId: group ?? source?.ProjectGroupId ?? "",
    LifecycleId: source?.LifecycleId ?? "",
    clone: source?.Id ?? null,
  };
}
