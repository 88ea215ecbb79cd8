import { Button, FileButton, Group, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { ButtonLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { ManyPicker } from "@/components/picker";
import { Tags } from "@/components/tags";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone, notifyError } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { type Space, spaceQuery, useChangeSpace, useDeleteSpace, useUploadLogo } from "./spaces-api";
import { logoOf } from "./spaces-screen";

const EDIT = { permission: "SpaceEdit" };

export function SpaceScreen() {
  const { space: id } = useParams({ from: "/shell/app/spaces/$space" });
  const space = useQuery(spaceQuery(id));
  return (
    <Page
      title={space.data?.Name ?? id}
      crumbs={[{ text: "Spaces", to: "/app/spaces" }]}
      aside={space.data?.IsDefault && <Tags words={["Default"]} />}
      description={space.data?.Description}
      actions={space.data && <Actions space={space.data} />}
    >
      <Loaded query={space} what="The space">
        {(found) => (
          <Stack gap="md" maw={820}>
            <SpaceForm key={found.Id} space={found} />
            <Logo space={found} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ space }: { space: Space }) {
  const navigate = useNavigate();
  const deleting = useDeleteSpace();
  const barred = space.IsDefault
    ? "The default space cannot be deleted: addresses without a space mean it."
    : space.TaskQueueStopped
      ? null
      : "Stop its task queue and save first, so that nothing begins while it is deleted.";
  return (
    <>
      <ButtonLink variant="default" to="/app/$space" params={{ space: space.Id }}>
        Go to the space
      </ButtonLink>
      <DeleteButton
        what={`the space ${space.Name}`}
        need={{ permission: "SpaceDelete" }}
        barred={barred}
        deleting={() => deleting.mutateAsync(space.Id)}
        onDeleted={() => void navigate({ to: "/app/spaces" })}
      >
        Everything in it goes for good: projects, releases, deployments, variables, packages, environments, targets, and
        its teams. Only the audit trail stays.
      </DeleteButton>
    </>
  );
}

function givenOf(space: Space) {
  const { Name, Description, TaskQueueStopped, SpaceManagersTeams, SpaceManagersTeamMembers } = space;
  return { Name, Description, TaskQueueStopped, SpaceManagersTeams, SpaceManagersTeamMembers };
}

function SpaceForm({ space }: { space: Space }) {
  const changing = useChangeSpace(space);
  const [form, draft] = useDraftForm(`space:${space.Id}`, givenOf(space), changing.error);
  const save = () =>
    changing.mutate(form.value, {
      onSuccess: (saved) => {
        draft.accept(givenOf(saved));
        notifyDone(`The space ${saved.Name} is saved.`);
      },
    });
  return (
    <>
      <Stack gap="md">
        <FormFaults form={form} title="The space was not saved" />
        <TheirsNotice draft={draft} what="This space" />
        <Panel title="About">
          <Stack>
            <TextInput label="Name" required withAsterisk={false} {...form.field("Name")} />
            <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
            <Switch
              label="Stop the task queue"
              description="Nothing new begins in the space; what runs goes on to its end."
              {...form.check("TaskQueueStopped")}
            />
          </Stack>
        </Panel>
        <Panel title="Managers">
          <Stack>
            <Text size="sm" c="dimmed">
              They do everything in the space: also choose who may do what in it.
            </Text>
            <ManyPicker label="Users" kind="users" space="" {...form.pick("SpaceManagersTeamMembers")} />
            <ManyPicker
              label="Teams"
              kind="teams"
              space={space.Id}
              filters={{ includeSystem: "true" }}
              {...form.pick("SpaceManagersTeams")}
            />
          </Stack>
        </Panel>
      </Stack>
      <SaveBar
        isChanged={form.isChanged}
        pending={changing.isPending}
        need={EDIT}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          changing.reset();
        }}
      />
    </>
  );
}

function Logo({ space }: { space: Space }) {
  const uploading = useUploadLogo(space.Id);
  const upload = (file: File | null) => {
    if (!file) return;
    uploading.mutate(file, { onError: (error) => notifyError("The logo was not taken", error) });
  };
  return (
    <Panel title="Logo">
      <Group>
        <img
          src={`${logoOf(space)}&at=${uploading.submittedAt}`}
          width={56}
          height={56}
          alt=""
          style={{ borderRadius: 8 }}
        />
        <Permitted need={EDIT}>
          {(isAllowed) => (
            <FileButton accept="image/png,image/jpeg,image/gif,image/webp,image/svg+xml" onChange={upload}>
              {(props) => (
                <Button variant="default" loading={uploading.isPending} disabled={!isAllowed} {...props}>
                  Choose a picture
                </Button>
              )}
            </FileButton>
          )}
        </Permitted>
        <Text size="sm" c="dimmed">
          Without one, it is drawn from the name.
        </Text>
      </Group>
    </Panel>
  );
}
