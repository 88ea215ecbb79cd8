import { Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconInfoCircle, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { DeleteButton } from "@/components/delete-button";
import { ErrorNotice } from "@/components/error-notice";
import { SaveBar } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Notice } from "@/components/notice";
import { Page, Panel } from "@/components/page";
import { useMay } from "@/components/permitted";
import { faultsOf } from "@/lib/faults";
import { notifyDone } from "@/lib/notify";
import { type Draft, useDraft } from "@/lib/use-draft";
import { actingPhasesQuery, lifecycleQuery, useDeleteLifecycle, useSaveLifecycle } from "./api";
import { LifecycleRetention } from "./lifecycle-retention";
import classes from "./lifecycles.module.css";
import { PhaseList } from "./phase-list";
import { faultOf, type Lifecycle, newPhase } from "./phases";
import { UsersPanel } from "./users-panel";

export function LifecycleScreen() {
  const { space, lifecycle: id } = useParams({ from: "/shell/app/$space/library/lifecycles/$lifecycle" });
  const lifecycle = useQuery(lifecycleQuery(space, id));
  const deleting = useDeleteLifecycle(space);
  const navigate = useNavigate();
  return (
    <Page
      title={lifecycle.data?.Name ?? id}
      crumbs={[{ text: "Lifecycles", to: `/app/${space}/library/lifecycles` }]}
      description={lifecycle.data?.Description}
      actions={
        lifecycle.data && (
          <DeleteButton
            need={{ permission: "LifecycleDelete", space }}
            what={`the lifecycle ${lifecycle.data.Name}`}
            deleting={() => deleting.mutateAsync(id)}
            onDeleted={() => navigate({ to: "/app/$space/library/lifecycles", params: { space } })}
          >
            Projects and channels must not use it. What was deployed stays as it is.
          </DeleteButton>
        )
      }
    >
      <Loaded query={lifecycle} what="The lifecycle">
        {(data) => <Editor space={space} saved={data} />}
      </Loaded>
    </Page>
  );
}

function Editor({ space, saved }: { space: string; saved: Lifecycle }) {
  const draft = useDraft(`lifecycle:${saved.Id}`, saved);
  const saving = useSaveLifecycle(space);
  const mayEdit = useMay({ permission: "LifecycleEdit", space });
  const set = (patch: Partial<Lifecycle>) => draft.change((old) => ({ ...old, ...patch }));
  const save = () =>
    saving.mutate(draft.value, {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone("The lifecycle is saved. It holds for releases that exist, too.");
      },
    });
  const faultAt = (field: string) => faultsOf(saving.error).find((one) => one.field === field)?.sentence;
  const isAtField = saving.isError && faultsOf(saving.error).every((one) => one.field === "Name");
  return (
    <>
      <div className={classes.columns}>
        <Stack gap="md">
          <Theirs draft={draft} />
          {saving.isError && !isAtField && <ErrorNotice error={saving.error} title="The lifecycle was not saved" />}
          <Phases space={space} draft={draft} mayEdit={mayEdit} />
        </Stack>
        <Stack gap="md">
          <Panel title="About">
            <Stack gap="sm">
              <TextInput
                label="Name"
                value={draft.value.Name}
                readOnly={!mayEdit}
                onChange={(event) => set({ Name: event.currentTarget.value })}
                error={faultAt("Name")}
              />
              <Textarea
                label="Description"
                autosize
                minRows={2}
                readOnly={!mayEdit}
                value={draft.value.Description}
                onChange={(event) => set({ Description: event.currentTarget.value })}
              />
            </Stack>
          </Panel>
          <LifecycleRetention space={space} lifecycle={draft.value} onChange={set} disabled={!mayEdit} />
          <UsersPanel space={space} lifecycle={saved.Id} />
        </Stack>
      </div>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "LifecycleEdit", space }}
        barred={faultOf(draft.value.Phases)}
        onSave={save}
        onDiscard={draft.discard}
      >
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={16} />}
          disabled={!draft.canUndo}
          onClick={draft.undo}
        >
          Undo
        </Button>
      </SaveBar>
    </>
  );
}

/** Its own phases, or those that act while it has none. */
function Phases({ space, draft, mayEdit }: { space: string; draft: Draft<Lifecycle>; mayEdit: boolean }) {
  const [added, setAdded] = useState<string | null>(null);
  const acting = useQuery(actingPhasesQuery(space, draft.value.Id));
  const phases = draft.value.Phases;
  const change = (next: Lifecycle["Phases"]) => draft.change((old) => ({ ...old, Phases: next }));
  const add = () => {
    const made = newPhase("");
    setAdded(made.Id);
    change([...phases, made]);
  };
  return (
    <section aria-label="Phases">
      {phases.length > 0 ? (
        <PhaseList key={added} space={space} phases={phases} onChange={mayEdit ? change : undefined} opened={added} />
      ) : (
        <Stack>
          <Notice tone="idle" icon={IconInfoCircle} title="No phases of its own">
            <Text size="sm">
              A release goes through every environment of the space, one after the other, also through those made later.
              These phases act now:
            </Text>
          </Notice>
          <PhaseList space={space} phases={acting.data?.Phases ?? []} />
        </Stack>
      )}
      {mayEdit && (
        <Group mt="md" gap="xs">
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={add}>
            Add a phase
          </Button>
          {phases.length === 0 && acting.data && acting.data.Phases.length > 0 && (
            <Button
              variant="subtle"
              onClick={() => change(acting.data.Phases.map((one) => ({ ...one, Id: newPhase("").Id })))}
            >
              Begin with these phases
            </Button>
          )}
        </Group>
      )}
    </section>
  );
}

function Theirs({ draft }: { draft: Draft<Lifecycle> }) {
  if (!draft.theirs) return null;
  return (
    <Notice tone="waiting" icon={IconInfoCircle} title="Somebody else saved this lifecycle meanwhile">
      <Group gap="xs" mt="xs">
        <Button size="compact-sm" variant="default" onClick={draft.discard}>
          Show theirs, drop mine
        </Button>
        <Button size="compact-sm" variant="default" onClick={draft.keepMine}>
          Keep mine
        </Button>
      </Group>
    </Notice>
  );
}
