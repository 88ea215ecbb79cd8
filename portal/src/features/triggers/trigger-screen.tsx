import { Button, Checkbox, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { Project } from "@/api/reference";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { useMay } from "@/components/permitted";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { useProject } from "@/lib/use-project";
import { ActionFields } from "./action-fields";
import { type Trigger, triggerQuery, useDeleteTrigger, useSaveTrigger } from "./api";
import { FilterFields } from "./filter-fields";
import { isKind, KINDS, kindOf, newTrigger } from "./kinds";
import { NotFiring } from "./triggers-tab";

const PATH = "/app/$space/projects/$project/triggers";

/** A trigger that is not there yet, of the kind that the address names. */
export function NewTriggerScreen() {
  const { space, project } = useProject();
  const { kind } = useSearch({ from: `/shell${PATH}/new` });
  const chosen = isKind(kind) ? kind : "schedule";
  return <Editor key={chosen} space={space} project={project} saved={newTrigger(chosen, project.Id)} />;
}

export function TriggerScreen() {
  const { space, project } = useProject();
  const { trigger: id } = useParams({ from: `/shell${PATH}/$trigger` });
  const trigger = useQuery(triggerQuery(space, project.Id, id));
  return (
    <Loaded query={trigger} what="The trigger">
      {(data) => <Editor key={data.Id} space={space} project={project} saved={data} />}
    </Loaded>
  );
}

function Editor({ space, project, saved }: { space: string; project: Project; saved: Trigger }) {
  const saving = useSaveTrigger(space, project.Id);
  const navigate = useNavigate();
  const isNew = !saved.Id;
  const [form, draft] = useDraftForm(
    `trigger:${saved.Id || `${project.Id}:${kindOf(saved.Filter)}`}`,
    saved,
    saving.error,
  );
  const need = { permission: isNew ? "TriggerCreate" : "TriggerEdit", space, project: project.Id };
  const mayEdit = useMay(need);
  const params = { space, project: project.Slug };
  const save = () =>
    saving.mutate(draft.value, {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone(isNew ? "The trigger is made." : "The trigger is saved.");
        if (isNew) void navigate({ to: PATH, params, ignoreBlocker: true });
      },
    });
  const kind = kindOf(saved.Filter);
  return (
    <Stack maw={820}>
      <Head space={space} project={project} trigger={saved} />
      <NotFiring />
      <FormFaults form={form} title="The trigger was not saved" />
      <fieldset disabled={!mayEdit} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack>
          <Panel title="About">
            <Stack gap="sm">
              <TextInput label="Name" {...form.field("Name")} />
              <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
              <Checkbox
                label="It is on"
                checked={!form.value.IsDisabled}
                onChange={(event) => form.set({ IsDisabled: !event.currentTarget.checked })}
              />
            </Stack>
          </Panel>
          <Panel title={`When: ${KINDS[kind].title.toLowerCase()}`}>
            <FilterFields space={space} project={project} form={form} />
          </Panel>
          <Panel title="What it does">
            <ActionFields space={space} project={project} form={form} kind={kind} />
          </Panel>
        </Stack>
      </fieldset>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={need}
        barred={form.value.Name.trim() ? null : "Give it a name."}
        words={isNew ? "The trigger is not made yet." : undefined}
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

function Head({ space, project, trigger }: { space: string; project: Project; trigger: Trigger }) {
  const deleting = useDeleteTrigger(space, project.Id);
  const navigate = useNavigate();
  const params = { space, project: project.Slug };
  return (
    <Group justify="space-between">
      <Group gap="xs">
        <TextLink to={PATH} params={params} size="sm" c="dimmed">
          Triggers
        </TextLink>
        <Text c="dimmed" aria-hidden>
          /
        </Text>
        <Text fw={600} size="lg" component="h2">
          {trigger.Name || "A new trigger"}
        </Text>
      </Group>
      {trigger.Id && (
        <DeleteButton
          need={{ permission: "TriggerDelete", space, project: project.Id }}
          what={`the trigger ${trigger.Name}`}
          deleting={() => deleting.mutateAsync(trigger.Id)}
          onDeleted={() => void navigate({ to: PATH, params })}
        >
          What it started so far stays.
        </DeleteButton>
      )}
    </Group>
  );
}
