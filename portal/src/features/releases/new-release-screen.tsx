import { Checkbox, Group, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type Channel, channelsQuery, type Project, projectQuery } from "@/api/reference";
import { BranchPicker, useBranch } from "@/components/branch-picker";
import { ErrorNotice } from "@/components/error-notice";
import { Loaded } from "@/components/loaded";
import { MarkdownField } from "@/components/markdown-field";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { useDraft } from "@/lib/use-draft";
import { type Template, templateQuery, useCreateRelease } from "./api";
import { ChannelField } from "./channel-field";
import { GitChoices, type GitRefs, gitChoicesOf } from "./git-choices";
import { choicesOf, PackageChoices, type Versions } from "./package-choices";
import { proposedVersion, VersionField } from "./version-field";

export function NewReleaseScreen() {
  const { space, project: named } = useParams({ from: "/shell/app/$space/projects/$project/new-release" });
  const project = useQuery(projectQuery(space, named));
  return (
    <Page
      title="New release"
      description="Fixes the process, the variables and the versions of packages, so that every environment gets the same."
      crumbs={[
        { text: "Projects", to: `/app/${space}/projects` },
        { text: project.data?.Name ?? named, to: `/app/${space}/projects/${named}` },
        { text: "Releases", to: `/app/${space}/projects/${named}/releases` },
      ]}
      actions={project.data && <BranchPicker space={space} project={project.data} />}
    >
      <Stack maw={860}>
        <Loaded query={project} what="The project">
          {(data) => <Choice space={space} project={data} />}
        </Loaded>
      </Stack>
    </Page>
  );
}

/** What the form asks for follows from the channel and, for a project in Git, from the branch. */
function Choice({ space, project }: { space: string; project: Project }) {
  const { channel: wanted } = useSearch({ from: "/shell/app/$space/projects/$project/new-release" });
  const branch = useBranch(project);
  const channels = useQuery(channelsQuery(space, project.Id));
  const known = channels.data?.find((one) => one.Id === wanted || one.Name === wanted || one.Slug === wanted);
  const channel = known ?? channels.data?.find((one) => one.IsDefault) ?? channels.data?.[0];
  const template = useQuery({
    ...templateQuery(space, project.Id, channel?.Id ?? "", branch),
    placeholderData: (old) => old,
  });
  return (
    <Loaded query={channels} what="The channels">
      {(all) => (
        <Loaded query={template} what="What the release needs">
          {(data) =>
            channel && (
              <Form
                space={space}
                project={project}
                branch={branch}
                channels={all}
                channel={channel}
                template={data}
                isStale={template.isPlaceholderData}
              />
            )
          }
        </Loaded>
      )}
    </Loaded>
  );
}

interface FormProps {
  space: string;
  project: Project;
  branch: string | null;
  channels: Channel[];
  channel: Channel;
  template: Template;
  /** What is needed is still that of the channel before. */
  isStale: boolean;
}

const NOTHING = { version: null as string | null, notes: "", fields: {} as Record<string, string>, ignores: false };

function Form({ space, project, branch, channels, channel, template, isStale }: FormProps) {
  const draft = useDraft(`new-release:${project.Id}`, NOTHING);
  const { version, notes, fields, ignores } = draft.value;
  const set = (patch: Partial<typeof NOTHING>) => draft.change((old) => ({ ...old, ...patch }));
  const [versions, setVersions] = useState<Versions>({});
  const [refs, setRefs] = useState<GitRefs>({});
  const creating = useCreateRelease(space);
  const navigate = useNavigate({ from: "/app/$space/projects/$project/new-release" });
  const choose = (id: string) => {
    // Other rules may let in other versions: the newest that fits is proposed anew.
    setVersions({});
    void navigate({ search: (old) => ({ ...old, channel: id }), replace: true });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    creating.mutate(
      {
        ProjectId: project.Id,
        ChannelId: channel.Id,
        Version: (version ?? proposedVersion(template, versions)).trim(),
        ReleaseNotes: notes || null,
        SelectedPackages: choicesOf(template, versions),
        SelectedGitResources: gitChoicesOf(template, refs),
        CustomFields: Object.fromEntries(
          channel.CustomFieldDefinitions.map((one) => [one.FieldName, fields[one.FieldName] ?? ""]),
        ),
        IgnoreChannelRules: ignores,
        VersionControlReference: branch === null ? null : { GitRef: branch, GitCommit: null, VariablesGitCommit: null },
      },
      {
        onSuccess: (made) => {
          draft.discard();
          const params = { space, project: project.Slug, version: made.Version };
          void navigate({ to: "/app/$space/projects/$project/releases/$version", params });
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {creating.isError && <ErrorNotice error={creating.error} title="The release was not created" />}
        <Panel>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <VersionField
              space={space}
              project={project.Id}
              template={template}
              versions={versions}
              value={version}
              onChange={(next) => set({ version: next })}
            />
            <ChannelField space={space} project={project} channels={channels} value={channel.Id} onChange={choose} />
            {channel.CustomFieldDefinitions.map((one) => (
              <TextInput
                key={one.FieldName}
                label={one.FieldName}
                description={one.Description || undefined}
                required
                withAsterisk={false}
                value={fields[one.FieldName] ?? ""}
                onChange={(event) => set({ fields: { ...fields, [one.FieldName]: event.currentTarget.value } })}
              />
            ))}
          </SimpleGrid>
        </Panel>
        <PackageChoices
          space={space}
          template={template}
          channel={channel}
          ignoresRules={ignores}
          versions={versions}
          onVersions={setVersions}
        />
        <GitChoices template={template} refs={refs} onRefs={setRefs} />
        {project.AllowIgnoreChannelRules && channel.Rules.length + channel.GitReferenceRules.length > 0 && (
          <Checkbox
            label="Ignore the rules of the channel"
            description="Any version of a package may then go into this release."
            checked={ignores}
            onChange={(event) => set({ ignores: event.currentTarget.checked })}
          />
        )}
        <Panel>
          <MarkdownField
            label="Release notes"
            description={
              project.ReleaseNotesTemplate
                ? "Markdown. When nothing is written here, the project's template is filled in."
                : "Markdown"
            }
            value={notes}
            onChange={(event) => set({ notes: event.currentTarget.value })}
          />
        </Panel>
        <Group>
          <ActionButton
            type="submit"
            loading={creating.isPending}
            need={{ permission: "ReleaseCreate", space, project: project.Id }}
            barred={isStale ? "What the release needs is being read." : null}
          >
            Create the release
          </ActionButton>
        </Group>
      </Stack>
    </form>
  );
}
