import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { Channel, Project } from "@/api/reference";
import { useBranch } from "@/components/branch-picker";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { ButtonLink, TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { useMay } from "@/components/permitted";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { useProject } from "@/lib/use-project";
import { channelQuery, useDeleteChannel, useSaveChannel } from "./api";
import { About, Route } from "./channel-fields";
import { CustomFields } from "./custom-fields";
import { GitRules } from "./git-rules";
import { RuleList } from "./rule-list";
import { RuleTester } from "./rule-tester";

/** A channel within its project: where its releases may go, and what may be in them. */
export function ChannelScreen() {
  const { space, project } = useProject();
  const { channel: id } = useParams({ from: "/shell/app/$space/projects/$project/channels/$channel" });
  const channel = useQuery(channelQuery(space, id));
  return (
    <Loaded query={channel} what="The channel">
      {(data) => <Editor key={data.Id} space={space} project={project} saved={data} />}
    </Loaded>
  );
}

function Editor({ space, project, saved }: { space: string; project: Project; saved: Channel }) {
  const branch = useBranch(project);
  const saving = useSaveChannel(space);
  const [form, draft] = useDraftForm(`channel:${saved.Id}`, saved, saving.error);
  const need = { permission: "ProcessEdit", space, project: project.Id };
  const mayEdit = useMay(need);
  const save = () =>
    saving.mutate(draft.value, {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone("The channel is saved. Its rules hold for releases to come.");
      },
    });
  return (
    <Stack maw={900}>
      <Head space={space} project={project} channel={saved} need={need} />
      <FormFaults form={form} title="The channel was not saved" />
      <fieldset disabled={!mayEdit} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack>
          <About form={form} wasDefault={saved.IsDefault} />
          <Route form={form} space={space} project={project} />
          <RuleList space={space} project={project.Id} branch={branch} form={form} />
        </Stack>
      </fieldset>
      <RuleTester space={space} project={project.Id} branch={branch} rules={draft.value.Rules} />
      <fieldset disabled={!mayEdit} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack>
          <GitRules space={space} project={project.Id} branch={branch} form={form} />
          <CustomFields form={form} />
        </Stack>
      </fieldset>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={need}
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

interface HeadProps {
  space: string;
  project: Project;
  channel: Channel;
  need: { permission: string; space: string; project: string };
}

function Head({ space, project, channel, need }: HeadProps) {
  const deleting = useDeleteChannel(space);
  const navigate = useNavigate();
  const params = { space, project: project.Slug };
  return (
    <Group justify="space-between">
      <Group gap="xs">
        <TextLink to="/app/$space/projects/$project/channels" params={params} size="sm" c="dimmed">
          Channels
        </TextLink>
        <Text c="dimmed" aria-hidden>
          /
        </Text>
        <Text fw={600} size="lg" component="h2">
          {channel.Name}
        </Text>
        {channel.IsDefault && <Badge>Default</Badge>}
      </Group>
      <Group gap="xs">
        <ButtonLink
          to="/app/$space/projects/$project/releases"
          params={params}
          search={{ channel: channel.Id } as never}
          variant="default"
        >
          Its releases
        </ButtonLink>
        <DeleteButton
          need={need}
          barred={channel.IsDefault ? "It is the default channel: make another one the default first." : null}
          what={`the channel ${channel.Name}`}
          deleting={() => deleting.mutateAsync(channel.Id)}
          onDeleted={() => void navigate({ to: "/app/$space/projects/$project/channels", params })}
        >
          Its releases must be deleted or moved to another channel before.
        </DeleteButton>
      </Group>
    </Group>
  );
}
