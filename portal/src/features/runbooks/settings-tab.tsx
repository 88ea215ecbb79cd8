import { Button, Stack, Textarea, TextInput } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { Panel } from "@/components/page";
import { ActionButton, useMay } from "@/components/permitted";
import { TagField } from "@/components/tenanted";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import type { Form } from "@/lib/use-form";
import { AddRunbook } from "./add-runbook";
import { type Home, type Runbook, useDeleteRunbook, useSaveRunbook } from "./api";
import { How, Where } from "./settings-fields";
import { keepBranch, useRunbook } from "./use-home";

const PATH = "/app/$space/projects/$project/runbooks/$runbook";

export function RunbookSettingsTab() {
  const { home, project, runbook } = useRunbook();
  const params = useParams({ from: `/shell${PATH}` });
  const navigate = useNavigate();
  const [cloning, setCloning] = useState(false);
  const [message, setMessage] = useState("");
  const saving = useSaveRunbook(home);
  const deleting = useDeleteRunbook(home);
  const [form, draft] = useDraftForm(`runbook:${home.branch ?? ""}:${runbook.Id}`, runbook, saving.error);
  const need = { permission: "RunbookEdit", space: home.space, project: runbook.ProjectId };
  const mayEdit = useMay(need);
  const save = () =>
    saving.mutate(
      { runbook: draft.value, message },
      {
        onSuccess: (saved) => {
          draft.accept(saved);
          setMessage("");
          notifyDone("The settings are saved.");
          const runbook = saved.Slug || saved.Id;
          if (runbook !== params.runbook)
            void navigate({
              to: `${PATH}/settings`,
              params: { ...params, runbook },
              search: keepBranch,
              replace: true,
            });
        },
      },
    );
  return (
    <Stack maw={760}>
      <FormFaults form={form} title="The settings were not saved" />
      <fieldset disabled={!mayEdit} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack>
          <About form={form} space={home.space} />
          <Where form={form} space={home.space} />
          <How form={form} isInGit={home.branch !== null} />
        </Stack>
      </fieldset>
      <Panel title="This runbook">
        <Stack gap="sm" align="flex-start">
          {home.branch === null && (
            <ActionButton
              variant="default"
              need={need}
              leftSection={<IconCopy size={16} />}
              onClick={() => setCloning(true)}
            >
              Clone
            </ActionButton>
          )}
          <Deletion home={home} runbook={runbook} deleting={() => deleting.mutateAsync(runbook.Id)} need={need} />
        </Stack>
      </Panel>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={need}
        onSave={save}
        onDiscard={draft.discard}
      >
        {home.branch !== null && (
          <TextInput
            aria-label="What the commit says"
            placeholder={`Commit to ${home.branch}: what changed`}
            value={message}
            onChange={(event) => setMessage(event.currentTarget.value)}
            w={240}
          />
        )}
        <Button variant="default" disabled={!draft.canUndo} onClick={draft.undo}>
          Undo
        </Button>
      </SaveBar>
      {cloning && <AddRunbook home={home} project={project.Slug} clone={runbook} onClose={() => setCloning(false)} />}
    </Stack>
  );
}

interface DeletionProps {
  home: Home;
  runbook: Runbook;
  need: { permission: string; space: string; project: string };
  deleting: () => Promise<unknown>;
}

function Deletion({ home, runbook, need, deleting }: DeletionProps) {
  const params = useParams({ from: `/shell${PATH}` });
  const navigate = useNavigate();
  const to = "/app/$space/projects/$project/runbooks";
  return (
    <DeleteButton
      need={need}
      what={`the runbook ${runbook.Name}`}
      deleting={deleting}
      onDeleted={() => void navigate({ to, params, search: keepBranch })}
    >
      {home.branch === null
        ? "Its steps, snapshots and runs go with it, with their logs."
        : `It is deleted on the branch ${home.branch}, in a commit.`}
    </DeleteButton>
  );
}

function About({ form, space }: { form: Form<Runbook>; space: string }) {
  return (
    <Panel title="About">
      <Stack gap="sm">
        <TextInput label="Name" {...form.field("Name")} />
        <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
        <TagField
          space={space}
          scope="Runbook"
          label="Tags"
          value={form.value.RunbookTags}
          onChange={(RunbookTags) => form.set({ RunbookTags })}
          error={form.fault("RunbookTags")}
        />
      </Stack>
    </Panel>
  );
}
