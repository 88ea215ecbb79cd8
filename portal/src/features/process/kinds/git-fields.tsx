import { Radio, Stack, TagsInput, TextInput } from "@mantine/core";
import { isInGit } from "@/api/branches";
import { Picker } from "@/components/picker";
import { type ActionFormProps, setProperties, useEditing } from "../form/context";
import classes from "../form/form.module.css";
import { useInsert } from "../form/insert-variable";
import type { Action, GitDependency } from "../model/document";
import { GIT_SOURCE, textIn, withText } from "../model/properties";

const NEW: GitDependency = {
  Name: "",
  RepositoryUri: "",
  DefaultBranch: "main",
  GitCredentialType: "Anonymous",
  GitCredentialId: null,
  GitHubConnectionId: null,
  FilePathFilters: [],
  StepPackageInputsReferenceId: null,
};

/** The repository that holds the script: the project's own, or another one. */
export function GitFields({ action, change }: ActionFormProps) {
  const { project } = useEditing();
  const isOwn = textIn(action.Properties, GIT_SOURCE) === "Project";
  const mayBeOwn = isOwn || (project !== null && isInGit(project));
  const choose = (next: string) =>
    setProperties(change, (old) => withText(old, GIT_SOURCE, next === "Project" ? "Project" : null));
  return (
    <>
      {mayBeOwn && (
        <Radio.Group label="Repository" value={isOwn ? "Project" : "External"} onChange={choose}>
          <Stack gap={8} mt={6}>
            <Radio value="Project" label="The project's own, at the commit of the release" />
            <Radio value="External" label="Another one" />
          </Stack>
        </Radio.Group>
      )}
      {!isOwn && <Elsewhere action={action} change={change} />}
    </>
  );
}

function Elsewhere({ action, change }: ActionFormProps) {
  const { space } = useEditing();
  const value = action.GitDependencies.find((one) => !one.Name) ?? NEW;
  const patch = (next: Partial<GitDependency>, joins?: string) =>
    change((old) => withRepository(old, { ...value, ...next }), joins);
  const insert = useInsert(value.RepositoryUri, (text) => patch({ RepositoryUri: text }));
  return (
    <>
      <TextInput
        label="Address of the repository"
        placeholder="https://git.example.com/team/scripts.git"
        value={value.RepositoryUri}
        onChange={(event) => patch({ RepositoryUri: event.currentTarget.value }, "repository")}
        rightSection={insert}
      />
      <div className={classes.pair}>
        <TextInput
          label="Branch"
          value={value.DefaultBranch}
          onChange={(event) => patch({ DefaultBranch: event.currentTarget.value }, "branch")}
        />
        <Picker
          kind="git-credentials"
          space={space}
          label="Credential"
          placeholder="None: anybody may read it"
          value={value.GitCredentialId}
          onChange={(id) => patch({ GitCredentialId: id, GitCredentialType: id ? "Library" : "Anonymous" })}
        />
      </div>
      <TagsInput
        label="Only these files"
        description="Patterns such as scripts/**/*.sh. Without one, all files are brought along."
        value={value.FilePathFilters}
        onChange={(filters) => patch({ FilePathFilters: filters })}
      />
    </>
  );
}

function withRepository(action: Action, repository: GitDependency): Action {
  return { ...action, GitDependencies: [repository, ...action.GitDependencies.filter((one) => one.Name)] };
}
