import { Stack } from "@mantine/core";
import { FormFaults, SaveBar } from "@/components/form";
import { Panel } from "@/components/page";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { fieldsOf, withValue } from "./setting-fields";
import { SettingInput } from "./setting-input";
import { type Metadata, useSaveValues, type Values } from "./settings-api";

interface Props {
  id: string;
  name: string;
  metadata: Metadata;
  saved: Values;
}

/** The form of any section: what is in it, its metadata tells. Secrets are written and never shown. */
export function SectionForm({ id, name, metadata, saved }: Props) {
  const saving = useSaveValues(id);
  const [form, draft] = useDraftForm<Values>(`settings:${id}`, saved, saving.error);
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (values) => {
        draft.accept(values);
        notifyDone(`${name}: saved.`);
      },
    });
  const discard = () => {
    saving.reset();
    draft.discard();
  };
  return (
    <>
      <Stack gap="md">
        <FormFaults form={form} title="It was not saved" />
        <TheirsNotice draft={draft} what={name} />
        <Panel>
          <Stack>
            {fieldsOf(metadata).map((field) => (
              <SettingInput
                key={field.name}
                field={field}
                path={[field.name]}
                values={form.value}
                faultOf={form.fault}
                onChange={(path, value) => form.set(withValue(form.value, path, value))}
              />
            ))}
          </Stack>
        </Panel>
      </Stack>
      <SaveBar
        isChanged={form.isChanged}
        pending={saving.isPending}
        need={{ permission: "ConfigureServer" }}
        onSave={save}
        onDiscard={discard}
      />
    </>
  );
}
