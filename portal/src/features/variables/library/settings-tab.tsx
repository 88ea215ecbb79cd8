import { Stack, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { Panel } from "@/components/page";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { deleteLibrarySet, useChangeLibrarySet } from "./api";
import { useLibrarySet } from "./set-frame";

/** Name and description of a set or a module, and its end. */
export function SettingsTab() {
  const { space, set } = useLibrarySet();
  const changing = useChangeLibrarySet(space, set.Id);
  const client = useQueryClient();
  const navigate = useNavigate();
  const saved = { Name: set.Name, Description: set.Description };
  const [form, draft] = useDraftForm(`${set.Id}/settings`, saved, changing.error);
  const isModule = set.ContentType === "ScriptModule";
  const need = { permission: "LibraryVariableSetEdit", space };
  return (
    <Stack maw={720}>
      <Panel title="Settings">
        <Stack>
          <FormFaults form={form} title="It was not saved" />
          <TextInput label="Name" required withAsterisk={false} {...form.field("Name")} />
          <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
        </Stack>
      </Panel>
      <div>
        <DeleteButton
          what={`${isModule ? "the script module" : "the variable set"} ${set.Name}`}
          need={{ permission: "LibraryVariableSetDelete", space }}
          deleting={() => deleteLibrarySet(space, set.Id)}
          onDeleted={() => {
            void client.invalidateQueries({ queryKey: ["library-set", space], refetchType: "none" });
            void navigate({
              to: isModule ? "/app/$space/library/script-modules" : "/app/$space/library/variable-sets",
              params: { space },
            });
          }}
        >
          It goes with all that is in it. Releases that were made with it keep what they have frozen.
        </DeleteButton>
      </div>
      <SaveBar
        isChanged={form.isChanged}
        pending={changing.isPending}
        need={need}
        onSave={() =>
          changing.mutate(form.value, {
            onSuccess: (answered) => {
              draft.accept({ Name: answered.Name, Description: answered.Description });
              notifyDone("The settings are saved.");
            },
          })
        }
        onDiscard={draft.discard}
      />
    </Stack>
  );
}
