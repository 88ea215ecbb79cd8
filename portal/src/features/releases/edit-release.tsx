import { Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { channelsQuery, type Project } from "@/api/reference";
import { FormModal } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { MarkdownField } from "@/components/markdown-field";
import { useForm } from "@/lib/use-form";
import { type Release, type Template, templateQuery } from "./api";
import { useEditRelease } from "./edit-api";
import { choicesOf, keyOf, PackageChoices, type Versions } from "./package-choices";

interface Props {
  space: string;
  project: Project;
  release: Release;
  /** Once deployed, channel and packages stay as they are. */
  isDeployed: boolean;
  onClose: () => void;
}

/** Version and notes; channel, packages and fields of the channel as long as nothing has been deployed. */
export function EditRelease(props: Props) {
  const { space, project, release, isDeployed } = props;
  const [channel, setChannel] = useState(release.ChannelId);
  const template = useQuery({
    ...templateQuery(space, project.Id, channel, null, release.Id),
    enabled: !isDeployed,
  });
  if (isDeployed) return <EditForm {...props} channel={channel} onChannel={setChannel} template={null} />;
  return (
    <Loaded query={template} what="What the release needs">
      {(data) => <EditForm {...props} channel={channel} onChannel={setChannel} template={data} />}
    </Loaded>
  );
}

interface FormProps extends Props {
  channel: string;
  onChannel: (id: string) => void;
  template: Template | null;
}

function EditForm({ space, project, release, isDeployed, channel, onChannel, template, onClose }: FormProps) {
  const editing = useEditRelease(space, release);
  const navigate = useNavigate();
  const channels = useQuery(channelsQuery(space, project.Id)).data ?? [];
  const [versions, setVersions] = useState<Versions>(() =>
    Object.fromEntries(release.SelectedPackages.map((one) => [keyOf(one), one.Version])),
  );
  const form = useForm(
    { Version: release.Version, ReleaseNotes: release.ReleaseNotes ?? "", CustomFields: release.CustomFields },
    editing.error,
  );
  const fields = channels.find((one) => one.Id === channel)?.CustomFieldDefinitions ?? [];
  const change = {
    ...form.value,
    ReleaseNotes: form.value.ReleaseNotes || null,
    ...(!isDeployed && template && { ChannelId: channel, SelectedPackages: choicesOf(template, versions) }),
  };
  const saved = (made: Release) => {
    onClose();
    const params = { space, project: project.Slug, version: made.Version };
    void navigate({ to: "/app/$space/projects/$project/releases/$version", params, replace: true });
  };
  return (
    <FormModal
      title={`Edit release ${release.Version}`}
      action="Save"
      size="lg"
      form={{ ...form, isChanged: form.isChanged || channel !== release.ChannelId }}
      pending={editing.isPending}
      need={{ permission: "ReleaseEdit", space, project: project.Id }}
      onSubmit={() => editing.mutate(change, { onSuccess: saved })}
      onClose={onClose}
    >
      <TextInput label="Version" required withAsterisk={false} {...form.field("Version")} />
      {!isDeployed && channels.length > 1 && (
        <Select
          label="Channel"
          allowDeselect={false}
          data={channels.map((one) => ({ value: one.Id, label: one.Name }))}
          value={channel}
          onChange={(next) => next && onChannel(next)}
        />
      )}
      <MarkdownField label="Release notes" {...form.field("ReleaseNotes")} />
      {fields.map((one) => (
        <TextInput
          key={one.FieldName}
          label={one.FieldName}
          description={one.Description || undefined}
          value={form.value.CustomFields[one.FieldName] ?? ""}
          onChange={(event) =>
            form.set({ CustomFields: { ...form.value.CustomFields, [one.FieldName]: event.currentTarget.value } })
          }
        />
      ))}
      {template && (
        <PackageChoices
          space={space}
          template={template}
          channel={channels.find((one) => one.Id === channel)}
          ignoresRules={release.IgnoreChannelRules}
          versions={versions}
          onVersions={setVersions}
        />
      )}
    </FormModal>
  );
}
