import { Select, TextInput } from "@mantine/core";
import { FormModal } from "@/components/form";
import { ShownOnce } from "@/components/shown-once";
import { useForm } from "@/lib/use-form";
import { useCreateKey } from "./api";

const LIVES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "180", label: "180 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "Never" },
];
const DAY = 24 * 3600 * 1000;

/** Makes a key and shows it, once. */
export function CreateKey({ user, onClose }: { user: string; onClose: () => void }) {
  const creating = useCreateKey(user);
  const form = useForm({ Purpose: "", life: "180" }, creating.error);
  const { Purpose, life } = form.value;
  const create = () => {
    const Expires = life === "never" ? null : new Date(Date.now() + Number(life) * DAY).toISOString();
    creating.mutate({ Purpose, Expires });
  };
  if (creating.data) {
    return (
      <ShownOnce title="The new API key" text={creating.data.ApiKey} onClose={onClose}>
        Copy it now: it is kept as a digest and cannot be shown again.
      </ShownOnce>
    );
  }
  return (
    <FormModal
      title="Create an API key"
      action="Create"
      form={form}
      pending={creating.isPending}
      onSubmit={create}
      onClose={onClose}
    >
      <TextInput
        label="Purpose"
        placeholder="Build server"
        description="So that you know later what it is for."
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Purpose")}
      />
      <Select
        label="Expires in"
        data={LIVES}
        allowDeselect={false}
        value={life}
        onChange={(value) => form.set({ life: value ?? "180" })}
        error={form.fault("Expires")}
      />
    </FormModal>
  );
}
