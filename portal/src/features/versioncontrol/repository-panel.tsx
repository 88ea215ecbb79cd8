import { Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import type { Project } from "@/api/reference";
import { ErrorNotice } from "@/components/error-notice";
import { Facts } from "@/components/facts";
import { FormFaults, SaveBar } from "@/components/form";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { type Settings, useSaveSettings, useTestConnection } from "./api";
import { BranchFields, RepositoryFields } from "./repository-fields";

/** Where a project in Git is kept: what of it can be changed, and whether the server gets there. */
export function RepositoryPanel({ space, project, settings }: { space: string; project: Project; settings: Settings }) {
  const saving = useSaveSettings(space, project);
  const [form, draft] = useDraftForm<Settings>(`version-control:${project.Id}`, settings, saving.error);
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (saved) => {
        draft.accept(saved.PersistenceSettings ?? form.value);
        notifyDone("The settings are saved.");
      },
    });
  return (
    <>
      <TheirsNotice draft={draft} what="The project" />
      <FormFaults form={form} title="The settings were not saved" />
      <Panel title="Repository">
        <Stack>
          <RepositoryFields space={space} form={form} />
          <Facts facts={[["Folder", <code key="folder">{settings.BasePath}</code>]]} />
          <Connection space={space} project={project} isChanged={draft.isChanged} />
        </Stack>
      </Panel>
      <Panel title="Branches">
        <Stack>
          <BranchFields form={form} />
        </Stack>
      </Panel>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "ProjectEdit", space, project: project.Id, projectGroup: project.ProjectGroupId }}
        onSave={save}
        onDiscard={draft.discard}
      />
    </>
  );
}

function Connection({ space, project, isChanged }: { space: string; project: Project; isChanged: boolean }) {
  const testing = useTestConnection(space, project);
  return (
    <>
      <Group gap="sm">
        <ActionButton
          variant="default"
          loading={testing.isPending}
          barred={isChanged ? "Save first: what is stored is tested." : null}
          onClick={() => testing.mutate()}
        >
          Test the connection
        </ActionButton>
        {testing.isSuccess && (
          <Group gap={6} role="status">
            <IconCircleCheck size={17} color="var(--state-success)" aria-hidden />
            <Text size="sm">
              The repository answers. It has{" "}
              {testing.data.TotalResults === 1 ? "1 branch" : `${testing.data.TotalResults} branches`}.
            </Text>
          </Group>
        )}
      </Group>
      {testing.isError && <ErrorNotice error={testing.error} title="The repository cannot be used" />}
    </>
  );
}
