import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { lifecyclesQuery, projectGroupsQuery } from "@/api/reference";
import { ErrorNotice } from "@/components/error-notice";
import { useAddProject } from "./api";

export function AddProject({ space, onClose }: { space: string; onClose: () => void }) {
  const groups = useQuery(projectGroupsQuery(space));
  const lifecycles = useQuery(lifecyclesQuery(space));
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [group, setGroup] = useState<string | null>(null);
  const [lifecycle, setLifecycle] = useState<string | null>(null);
  const adding = useAddProject(space);
  const navigate = useNavigate();
  const groupId = group ?? groups.data?.[0]?.Id ?? "";
  const lifecycleId = lifecycle ?? lifecycles.data?.[0]?.Id ?? "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    adding.mutate(
      { Name: name, Description: description, ProjectGroupId: groupId, LifecycleId: lifecycleId },
      { onSuccess: ({ Slug }) => navigate({ to: "/app/$space/projects/$project", params: { space, project: Slug } }) },
    );
  };
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Add a project</Text>}>
      <form onSubmit={submit}>
        <Stack>
          {adding.isError && <ErrorNotice error={adding.error} />}
          <TextInput
            label="Name"
            data-autofocus
            required
            withAsterisk={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Select
            label="Project group"
            allowDeselect={false}
            data={(groups.data ?? []).map((one) => ({ value: one.Id, label: one.Name }))}
            value={groupId}
            onChange={setGroup}
          />
          <Select
            label="Lifecycle"
            description="Which environments its releases go through, in which order."
            allowDeselect={false}
            data={(lifecycles.data ?? []).map((one) => ({ value: one.Id, label: one.Name }))}
            value={lifecycleId}
            onChange={setLifecycle}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" loading={adding.isPending} disabled={!groupId || !lifecycleId}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
