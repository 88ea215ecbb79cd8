import { Button, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { DateTimeField } from "@/components/date-time";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { type Need, useMay } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { type Freeze, freezeQuery, useDeleteFreeze, useSaveFreeze } from "./api";
import { newFreeze, stateOf } from "./freeze";
import { Occurrences } from "./occurrences";
import { RecurrenceFields } from "./recurrence-fields";
import { ScopeFields } from "./scope-fields";

export function NewFreezeScreen() {
  const { space } = useParams({ from: "/shell/app/$space/freezes/new" });
  const [fresh] = useState(newFreeze);
  return (
    <Page title="Add a freeze" crumbs={[{ text: "Deployment freezes", to: `/app/${space}/freezes` }]}>
      <Editor space={space} saved={fresh} />
    </Page>
  );
}

export function FreezeScreen() {
  const { space, freeze: id } = useParams({ from: "/shell/app/$space/freezes/$freeze" });
  const freeze = useQuery(freezeQuery(id));
  const deleting = useDeleteFreeze();
  const navigate = useNavigate();
  return (
    <Page
      title={freeze.data?.Name ?? id}
      crumbs={[{ text: "Deployment freezes", to: `/app/${space}/freezes` }]}
      aside={freeze.data && <StateBadge {...stateOf(freeze.data, Date.now())} />}
      description={freeze.data?.Description}
      actions={
        freeze.data && (
          <DeleteButton
            need={needOf(space, freeze.data)}
            what={`the freeze ${freeze.data.Name}`}
            deleting={() => deleting.mutateAsync(id)}
            onDeleted={() => void navigate({ to: "/app/$space/freezes", params: { space } })}
          >
            What it holds off now may be deployed at once.
          </DeleteButton>
        )
      }
    >
      <Loaded query={freeze} what="The freeze">
        {(data) => <Editor key={data.Id} space={space} saved={data} />}
      </Loaded>
    </Page>
  );
}

/** A freeze that a project owns is for those who may edit the project. */
function needOf(space: string, freeze: Freeze): Need {
  if (freeze.OwnerId) return { permission: "ProjectEdit", space, project: freeze.OwnerId };
  return { permission: "DeploymentFreezeAdminister" };
}

function Editor({ space, saved }: { space: string; saved: Freeze }) {
  const saving = useSaveFreeze();
  const navigate = useNavigate();
  const [form, draft] = useDraftForm(`freeze:${saved.Id}`, saved, saving.error);
  const need = needOf(space, saved);
  const mayEdit = useMay(need);
  const save = () =>
    saving.mutate(draft.value, {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone(`The freeze ${answered.Name} is saved.`);
        if (!saved.Id) void navigate({ to: "/app/$space/freezes", params: { space }, ignoreBlocker: true });
      },
    });
  return (
    <Stack maw={860}>
      <FormFaults form={form} title="The freeze was not saved" />
      <fieldset disabled={!mayEdit} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack>
          <Panel title="About">
            <Stack gap="sm">
              <TextInput label="Name" {...form.field("Name")} />
              <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
            </Stack>
          </Panel>
          <Panel title="When">
            <Stack gap="md">
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <DateTimeField label="From" {...form.pick("Start")} />
                <DateTimeField label="Until" {...form.pick("End")} />
              </SimpleGrid>
              <RecurrenceFields form={form} />
              <Occurrences freeze={form.value} />
            </Stack>
          </Panel>
          <Panel title="What is frozen">
            <ScopeFields space={space} form={form} />
          </Panel>
        </Stack>
      </fieldset>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={need}
        words={saved.Id ? undefined : "The freeze is not made yet."}
        onSave={save}
        onDiscard={draft.discard}
      >
        <Button variant="default" disabled={!draft.canUndo} onClick={draft.undo}>
          Undo
        </Button>
      </SaveBar>
    </Stack>
  );
}
