import { Group, List, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Project } from "@/api/reference";
import { Confirm } from "@/components/confirm";
import { FormFaults } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Notice } from "@/components/notice";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { notifyDone } from "@/lib/notify";
import { useForm } from "@/lib/use-form";
import { compatibilityQuery, type Settings, useConvert } from "./api";
import { RepositoryFields } from "./repository-fields";

/** Moves a project from the database to files in a repository, which there is no way back from. */
export function ConvertPanel({ space, project }: { space: string; project: Project }) {
  const report = useQuery(compatibilityQuery(space, project.Id));
  return (
    <Panel title="Move the project to Git">
      <Stack>
        <Text size="sm">
          The process, its settings, the variables and the runbooks become files in a Git repository. They are then
          changed on branches, here or with your own tools, and a release is made from any of them. Sensitive variables,
          channels and triggers stay on the server. There is no way back.
        </Text>
        <Loaded query={report} what="What stands against it" rows={1}>
          {({ Errors, Warnings, Notices }) => (
            <>
              {Errors.length > 0 && (
                <Notice tone="failed" icon={IconAlertTriangle} title="This has to be changed first">
                  <Sentences of={Errors} />
                </Notice>
              )}
              {Warnings.length + Notices.length > 0 && <Sentences of={[...Warnings, ...Notices]} />}
              {Errors.length === 0 && <ConvertForm space={space} project={project} />}
            </>
          )}
        </Loaded>
      </Stack>
    </Panel>
  );
}

function Sentences({ of }: { of: readonly string[] }) {
  return (
    <List size="sm">
      {of.map((sentence) => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
    </List>
  );
}

const FIRST: Settings = {
  Type: "VersionControlled",
  Url: "",
  DefaultBranch: "main",
  BasePath: "",
  Credentials: { Type: "Anonymous", Id: null, Username: null, Password: null },
  ProtectedDefaultBranch: false,
  ProtectedBranchNamePatterns: [],
  ConversionState: null,
};

function ConvertForm({ space, project }: { space: string; project: Project }) {
  const converting = useConvert(space, project);
  const form = useForm<Settings>({ ...FIRST, BasePath: `.octopus/${project.Slug}` }, converting.error);
  const [message, setMessage] = useState(`Move ${project.Name} to Git`);
  const [branch, setBranch] = useState("");
  const [asks, setAsks] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsks(true);
  };
  const convert = () => {
    const wanted = { settings: form.value, message, branch: branch.trim() || null };
    converting.mutate(wanted, {
      onSuccess: ({ Messages }) => notifyDone(["The project is in Git now.", ...Messages].join(" ")),
      onSettled: () => setAsks(false),
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <FormFaults form={form} title="The project was not moved" />
        <RepositoryFields space={space} form={form} />
        <TextInput
          label="Folder in the repository"
          description="Each project needs one of its own."
          {...form.field("BasePath")}
        />
        <TextInput
          label="Default branch"
          description="It is made when the repository is empty."
          {...form.field("DefaultBranch")}
        />
        <TextInput
          label="Branch for the first commit"
          placeholder="The default branch"
          value={branch}
          onChange={(event) => setBranch(event.currentTarget.value)}
          error={form.fault("InitialCommitBranchName")}
        />
        <TextInput
          label="Message of the first commit"
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <ActionButton
            type="submit"
            need={{ permission: "ProjectEdit", space, project: project.Id, projectGroup: project.ProjectGroupId }}
            loading={converting.isPending}
          >
            Move to Git
          </ActionButton>
        </Group>
      </Stack>
      <Confirm
        opened={asks}
        title={`Move ${project.Name} to Git?`}
        action="Move it"
        pending={converting.isPending}
        onConfirm={convert}
        onClose={() => setAsks(false)}
      >
        The files are committed and pushed to {form.value.Url}. From then on the project is read from there, and it
        cannot be moved back.
      </Confirm>
    </form>
  );
}
