import { Select, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import { offeredQuery, useAddTemplate } from "../api-templates";
import { newAction } from "../model/kinds";

/** A new step template begins as a step of a kind; what it does and asks for comes after. */
export function AddTemplate({ space, onClose }: { space: string; onClose: () => void }) {
  const adding = useAddTemplate(space);
  const form = useForm({ Name: "", Description: "", ActionType: "Octopus.Script" }, adding.error);
  const kinds = (useQuery(offeredQuery(space)).data ?? []).filter((one) => one.IsBuiltIn);
  const navigate = useNavigate();
  const add = async () => {
    const { Properties } = newAction(form.value.ActionType, form.value.Name, []);
    const made = await adding.mutateAsync({ ...form.value, Properties });
    await navigate({ to: "/app/$space/library/step-templates/$template", params: { space, template: made.Id } });
  };
  return (
    <FormModal
      title="Add a step template"
      action="Add"
      form={form}
      pending={adding.isPending}
      need={{ permission: "ActionTemplateCreate", space }}
      onSubmit={() => void add().catch(() => undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="Tell the team"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Name")}
      />
      <Select
        label="What it does"
        allowDeselect={false}
        data={kinds.map((one) => ({ value: one.Type, label: one.Name }))}
        {...form.pick("ActionType")}
        onChange={(type) => type && form.set({ ActionType: type })}
      />
      <Textarea
        label="Description"
        description="Shown to those who choose a step."
        autosize
        minRows={2}
        {...form.field("Description")}
      />
    </FormModal>
  );
}
