import { Group, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { SecretField } from "@/components/secret-field";
import { type Form, partOf } from "@/lib/use-form";
import type { Feed } from "./api";
import { KINDS, WAYS, type Way, withWay } from "./kinds";

interface Props {
  form: Form<Feed>;
  /** What was chosen while nothing tells it yet: a user name that is still empty. */
  way: Way;
  onWay: (way: Way) => void;
}

/** What a feed of its kind needs: where it is, and how the server signs in. */
export function FeedFields({ form, way, onWay }: Props) {
  const kind = KINDS[form.value.FeedType];
  if (!kind) return null;
  const has = (name: (typeof kind.fields)[number]) => kind.fields.includes(name);
  const choose = (next: Way) => {
    form.set(withWay(form.value, next));
    onWay(next);
  };
  return (
    <>
      <TextInput label="Name" required withAsterisk={false} data-autofocus {...form.field("Name")} />
      {has("FeedUri") && (
        <TextInput
          label="Address"
          placeholder={kind.example}
          required
          withAsterisk={false}
          {...form.field("FeedUri")}
        />
      )}
      {has("RegistryPath") && (
        <TextInput
          label="Path within the registry"
          description="Put before the names of images, such as acme or library."
          {...form.field("RegistryPath")}
        />
      )}
      {has("Region") && (
        <TextInput label="Region" placeholder="eu-west-1" required withAsterisk={false} {...form.field("Region")} />
      )}
      {has("Project") && <TextInput label="Google Cloud project" {...form.field("Project")} />}
      {has("Repository") && <TextInput label="Repository" placeholder="generic-local" {...form.field("Repository")} />}
      {has("LayoutRegex") && (
        <TextInput
          label="Layout of paths"
          description="A regular expression whose groups id and version tell which file is what."
          placeholder="(?<id>.+)\.(?<version>\d+\.\d+\.\d+)\.zip"
          ff="monospace"
          {...form.field("LayoutRegex")}
        />
      )}
      {form.value.FeedType === "NuGet" && (
        <Switch
          label="The feed knows searches in steps (enhanced mode)"
          checked={form.value.EnhancedMode ?? false}
          onChange={(event) => form.set({ EnhancedMode: event.currentTarget.checked })}
        />
      )}
      {kind.ways.length > 1 && (
        <Select
          label="Signing in"
          allowDeselect={false}
          data={kind.ways.map((one) => ({ value: one, label: WAYS[one] }))}
          value={way}
          onChange={(value) => value && choose(value as Way)}
        />
      )}
      <SigningIn form={form} way={way} />
      {has("Retries") && <Retries form={form} />}
    </>
  );
}

function SigningIn({ form, way }: { form: Form<Feed>; way: Way }) {
  switch (way) {
    case "password":
      return (
        <>
          <TextInput label="User name" autoComplete="off" {...form.field("Username")} />
          <SecretField label="Password or token" {...form.pick("Password")} />
        </>
      );
    case "keys":
      return (
        <>
          <TextInput label="Access key" autoComplete="off" {...form.field("AccessKey")} />
          <SecretField label="Secret key" {...form.pick("SecretKey")} />
        </>
      );
    case "json":
      return (
        <SecretField
          label="Key of the service account"
          description="What is in its JSON file."
          {...form.pick("ServiceAccountJsonKey")}
        />
      );
    case "identity":
      return <Identity form={form} />;
    default:
      return null;
  }
}

const SUBJECTS = [
  { value: "space", label: "The space" },
  { value: "feed", label: "The feed" },
];

function Identity({ form }: { form: Form<Feed> }) {
  const asked = KINDS[form.value.FeedType]?.identity ?? [];
  const part = partOf(form, "OidcAuthentication");
  return (
    <>
      <TextInput
        label="Audience"
        description="For whom the token is, as the other side expects it."
        {...part.field("Audience")}
      />
      {asked.includes("ClientId") && <TextInput label="Client id" {...part.field("ClientId")} />}
      {asked.includes("TenantId") && <TextInput label="Tenant id" {...part.field("TenantId")} />}
      {asked.includes("RoleArn") && (
        <TextInput label="Role" placeholder="arn:aws:iam::123456789012:role/deploy" {...part.field("RoleArn")} />
      )}
      {asked.includes("SessionDuration") && (
        <TextInput
          label="Session, in seconds"
          value={String(part.value.SessionDuration ?? "")}
          onChange={(event) => part.set({ SessionDuration: event.currentTarget.value || null })}
          error={part.fault("SessionDuration")}
        />
      )}
      <Select
        label="The token is about"
        data={SUBJECTS}
        allowDeselect={false}
        value={part.value.SubjectKeys?.includes("feed") ? "feed" : "space"}
        onChange={(value) => part.set({ SubjectKeys: value === "feed" ? ["space", "feed"] : ["space"] })}
      />
    </>
  );
}

function Retries({ form }: { form: Form<Feed> }) {
  return (
    <Group grow>
      <NumberInput
        label="Attempts to download"
        min={1}
        max={100}
        allowDecimal={false}
        value={form.value.DownloadAttempts}
        onChange={(value) => form.set({ DownloadAttempts: Number(value) || 1 })}
        error={form.fault("DownloadAttempts")}
      />
      <NumberInput
        label="Seconds between them"
        min={0}
        max={3600}
        allowDecimal={false}
        value={form.value.DownloadRetryBackoffSeconds}
        onChange={(value) => form.set({ DownloadRetryBackoffSeconds: Number(value) || 0 })}
        error={form.fault("DownloadRetryBackoffSeconds")}
      />
    </Group>
  );
}
