import { Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { type TagSet, tagSetsQuery } from "@/api/tag-sets";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { deleteTagSet, useSaveTagSet } from "./api";
import { KindFields } from "./kind-fields";
import { barredBecause, numbered } from "./model";
import { TagRows } from "./tag-rows";

/** One tag set with its tags, edited in place. */
export function TagSetScreen() {
  const { space, tagSet: id } = useParams({ from: "/shell/app/$space/library/tag-sets/$tagSet" });
  const query = useQuery({
    ...tagSetsQuery(space),
    select: (sets: TagSet[]) => sets.find((one) => one.Id === id) ?? null,
  });
  const set = query.data;
  return (
    <Page
      title={set?.Name ?? id}
      crumbs={[{ text: "Tag sets", to: `/app/${space}/library/tag-sets` }]}
      description={set?.Description}
      actions={set && <DeleteSet space={space} set={set} />}
    >
      <Loaded query={query} what="The tag set">
        {(found) =>
          found ? <Editor space={space} saved={found} /> : <Panel>There is no such tag set; it may be deleted.</Panel>
        }
      </Loaded>
    </Page>
  );
}

function Editor({ space, saved }: { space: string; saved: TagSet }) {
  const saving = useSaveTagSet(space);
  const [form, draft] = useDraftForm(`tag-set:${saved.Id}`, saved, saving.error);
  const save = () =>
    saving.mutate(numbered(draft.value), {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone("The tag set is saved.");
      },
    });
  const discard = () => {
    saving.reset();
    draft.discard();
  };
  return (
    <Stack>
      <TheirsNotice draft={draft} what="The tag set" />
      <FormFaults form={form} title="The tag set was not saved" />
      <Panel title="Tags" flush={draft.value.Type !== "FreeText"}>
        {draft.value.Type === "FreeText" ? (
          "Any text after the set's name is a tag, so there is no list of them."
        ) : (
          <TagRows
            space={space}
            set={draft.value}
            fault={form.fault("Tags")}
            onChange={(tags) => draft.change((old) => ({ ...old, Tags: tags }))}
          />
        )}
      </Panel>
      <Panel title="Tag set">
        <Stack gap="md">
          <TextInput
            label="Name"
            description="Renaming it renames its tags wherever they are used."
            maw={380}
            {...form.field("Name")}
          />
          <TextInput label="Description" maw={640} {...form.field("Description")} />
          <KindFields form={form} />
        </Stack>
      </Panel>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "TagSetEdit", space }}
        barred={barredBecause(draft.value)}
        onSave={save}
        onDiscard={discard}
      />
    </Stack>
  );
}

function DeleteSet({ space, set }: { space: string; set: TagSet }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    notifyDone(`${set.Name} is deleted.`);
    await navigate({ to: "/app/$space/library/tag-sets", params: { space } });
    await client.invalidateQueries({ queryKey: ["tag-sets", space] });
  };
  return (
    <DeleteButton
      what={`the tag set ${set.Name}`}
      need={{ permission: "TagSetDelete", space }}
      deleting={() => deleteTagSet(space, set.Id)}
      onDeleted={() => void leave()}
    >
      Its tags go with it. While something has one of them, it cannot be deleted.
    </DeleteButton>
  );
}
