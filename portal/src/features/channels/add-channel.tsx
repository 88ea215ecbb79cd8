import { Select, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type Channel, lifecyclesQuery, type Project } from "@/api/reference";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import { useAddChannel } from "./api";

interface Props {
  space: string;
  project: Project;
  onClose: () => void;
}

/** The first things of a channel; its rules are made on its own screen, which is shown then. */
export function AddChannel({ space, project, onClose }: Props) {
  const adding = useAddChannel(space, project.Id);
  const lifecycles = useQuery(lifecyclesQuery(space)).data ?? [];
  const navigate = useNavigate();
  const form = useForm({ Name: "", Description: "", LifecycleId: null as string | null }, adding.error);
  const open = (made: Channel) => {
    onClose();
    const params = { space, project: project.Slug, channel: made.Id };
    void navigate({ to: "/app/$space/projects/$project/channels/$channel", params });
  };
  return (
    <FormModal
      title="Add a channel"
      action="Add"
      form={form}
      pending={adding.isPending}
      onSubmit={() => adding.mutate(form.value, { onSuccess: open })}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="Hotfix"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Name")}
      />
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
      <Select
        label="Lifecycle"
        placeholder="The project's"
        clearable
        data={lifecycles.map((one) => ({ value: one.Id, label: one.Name }))}
        {...form.pick("LifecycleId")}
      />
    </FormModal>
  );
}
