import { Checkbox, Select, TagsInput, TextInput } from "@mantine/core";
import { Picker } from "@/components/picker";
import { SecretField } from "@/components/secret-field";
import type { Form } from "@/lib/use-form";
import type { Credentials, Settings } from "./api";
import classes from "./version-control.module.css";

interface Props {
  space: string;
  form: Form<Settings>;
}

const ANYBODY: Credentials = { Type: "Anonymous", Id: null, Username: null, Password: null };

const WAYS = [
  { value: "Anonymous", label: "Not at all: anybody may read and write" },
  { value: "UsernamePassword", label: "With a user name and a password or token" },
  { value: "Reference", label: "With a Git credential of the library" },
];

/** Where the repository is, and how the server signs in there. */
export function RepositoryFields({ space, form }: Props) {
  const { value, set } = form;
  const credentials = value.Credentials ?? ANYBODY;
  const change = (patch: Partial<Credentials>) => set({ Credentials: { ...credentials, ...patch } });
  return (
    <>
      <TextInput
        label="Address of the repository"
        placeholder="https://git.example.com/acme/web.git"
        required
        withAsterisk={false}
        {...form.field("Url")}
      />
      <Select
        label="The server signs in"
        allowDeselect={false}
        data={WAYS}
        value={credentials.Type ?? "Anonymous"}
        onChange={(type) => set({ Credentials: { ...ANYBODY, Type: (type ?? "Anonymous") as Credentials["Type"] } })}
        error={form.fault("Credentials")}
      />
      {credentials.Type === "UsernamePassword" && (
        <div className={classes.pair}>
          <TextInput
            label="User name"
            autoComplete="off"
            value={credentials.Username ?? ""}
            onChange={(event) => change({ Username: event.currentTarget.value })}
          />
          <SecretField
            label="Password or token"
            value={credentials.Password}
            onChange={(Password) => change({ Password })}
          />
        </div>
      )}
      {credentials.Type === "Reference" && (
        <Picker
          kind="git-credentials"
          space={space}
          label="Git credential"
          value={credentials.Id}
          onChange={(Id) => change({ Id })}
        />
      )}
    </>
  );
}

/** Which branch is meant where none is named, and which ones nobody should commit to by the portal. */
export function BranchFields({ form }: { form: Form<Settings> }) {
  return (
    <>
      <TextInput
        label="Default branch"
        description="The one that is meant where none is named."
        {...form.field("DefaultBranch")}
      />
      <Checkbox
        label="Protect the default branch"
        description="The portal then commits to new branches only, to be merged in the repository."
        {...form.check("ProtectedDefaultBranch")}
      />
      <TagsInput
        label="Other protected branches"
        description="Names or patterns, such as release/*."
        value={form.value.ProtectedBranchNamePatterns ?? []}
        onChange={(ProtectedBranchNamePatterns) => form.set({ ProtectedBranchNamePatterns })}
        error={form.fault("ProtectedBranchNamePatterns")}
      />
    </>
  );
}
