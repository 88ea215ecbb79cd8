import { Button, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type Channel, channelsQuery, projectQuery } from "@/api/reference";
import { ErrorNotice } from "@/components/error-notice";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { type Template, templateQuery, useCreateRelease } from "./api";
import { keyOf, PackageChoices, type Versions } from "./package-choices";

export function NewReleaseScreen() {
  const { space, project: named } = useParams({ from: "/shell/app/$space/projects/$project/new-release" });
  const project = useQuery(projectQuery(space, named));
  const projectId = project.data?.Id ?? "";
  const channels = useQuery({ ...channelsQuery(space, projectId), enabled: projectId !== "" });
  const [chosen, setChosen] = useState<string | null>(null);
  const channel = chosen ?? (channels.data?.find((one) => one.IsDefault) ?? channels.data?.[0])?.Id ?? "";
  const template = useQuery({
    ...templateQuery(space, projectId, channel),
    enabled: projectId !== "" && channel !== "",
  });
  return (
    <Page
      title="New release"
      crumbs={[
        { text: "Projects", to: `/app/${space}/projects` },
        { text: project.data?.Name ?? named, to: `/app/${space}/projects/${named}` },
      ]}
    >
      <Stack maw={760}>
        <Loaded query={template} what="What the release needs">
          {(data) => (
            <Form
              key={channel}
              space={space}
              project={named}
              projectId={projectId}
              channels={channels.data ?? []}
              channel={channel}
              onChannel={setChosen}
              template={data}
            />
          )}
        </Loaded>
      </Stack>
    </Page>
  );
}

interface FormProps {
  space: string;
  project: string;
  projectId: string;
  channels: Channel[];
  channel: string;
  onChannel: (id: string) => void;
  template: Template;
}

function Form({ space, project, projectId, channels, channel, onChannel, template }: FormProps) {
  const [version, setVersion] = useState(template.NextVersionIncrement);
  const [notes, setNotes] = useState("");
  const [versions, setVersions] = useState<Versions>({});
  const creating = useCreateRelease(space);
  const navigate = useNavigate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const SelectedPackages = template.Packages.filter((one) => one.FixedVersion === null).map((one) => ({
      ActionName: one.ActionName,
      StepName: one.StepName,
      PackageReferenceName: one.PackageReferenceName,
      Version: versions[keyOf(one)] ?? "",
    }));
    creating.mutate(
      { ProjectId: projectId, ChannelId: channel, Version: version, ReleaseNotes: notes || null, SelectedPackages },
      {
        onSuccess: (made) =>
          navigate({
            to: "/app/$space/projects/$project/releases/$version",
            params: { space, project, version: made.Version },
          }),
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {creating.isError && <ErrorNotice error={creating.error} title="The release was not created" />}
        <Panel>
          <Group align="flex-start" grow>
            <TextInput
              label="Version"
              description={
                template.LastReleaseVersion ? `The last one is ${template.LastReleaseVersion}` : "The first one"
              }
              required
              withAsterisk={false}
              value={version}
              onChange={(event) => setVersion(event.currentTarget.value)}
            />
            <Select
              label="Channel"
              description="Decides the lifecycle and the allowed packages"
              allowDeselect={false}
              data={channels.map((one) => ({ value: one.Id, label: one.Name }))}
              value={channel}
              onChange={(value) => value && onChannel(value)}
            />
          </Group>
        </Panel>
        <PackageChoices space={space} template={template} versions={versions} onVersions={setVersions} />
        <Panel>
          <Textarea
            label="Release notes"
            description="Markdown"
            autosize
            minRows={4}
            maxRows={16}
            value={notes}
            onChange={(event) => setNotes(event.currentTarget.value)}
          />
        </Panel>
        <Group>
          <Button type="submit" loading={creating.isPending}>
            Create the release
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
