import { Select, Stack, TextInput } from "@mantine/core";
import { SecretField } from "@/components/secret-field";
import { partOf } from "@/lib/use-form";
import type { EndpointProps } from "./endpoint-fields";

const PLACES = [
  { value: "Artifact", label: "Among the artifacts of the deployment, as a zip" },
  { value: "FileSystem", label: "In a folder that the server can write" },
];

export function OfflineFields({ form }: EndpointProps) {
  const destination = partOf(form, "Destination");
  const isFolder = destination.value.DestinationType === "FileSystem";
  return (
    <Stack>
      <Select
        label="Where bundles are put"
        data={PLACES}
        allowDeselect={false}
        value={destination.value.DestinationType ?? "Artifact"}
        onChange={(type) => destination.set({ DestinationType: (type ?? "Artifact") as "Artifact" | "FileSystem" })}
      />
      {isFolder && (
        <TextInput
          label="Folder"
          description="Below one of the folders that the server's setting drop_folders names."
          placeholder="/srv/drops"
          {...destination.field("DropFolderPath")}
        />
      )}
      <SecretField
        label="Password for sensitive values"
        description="Encrypts them in the bundle. Whoever starts the bundle there needs it."
        value={form.value.SensitiveVariablesEncryptionPassword}
        onChange={(value) => form.set({ SensitiveVariablesEncryptionPassword: value })}
        error={form.fault("SensitiveVariablesEncryptionPassword")}
      />
      <TextInput
        label="Folder for packages there"
        placeholder="~/.polpo-offline/Applications"
        {...form.field("ApplicationsDirectory")}
      />
      <TextInput
        label="Working folder there"
        placeholder="~/.polpo-offline"
        {...form.field("OctopusWorkingDirectory")}
      />
    </Stack>
  );
}
