import { Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { SecretField } from "@/components/secret-field";
import { AccountField, AMAZON, AZURE } from "./account-field";
import type { EndpointProps } from "./endpoint-fields";
import { WorkerPoolField } from "./region-fields";
import { RoleFields } from "./role-fields";

/** Services in clouds: they run nothing themselves, a worker looks after them. */

function Account({ space, form, types }: EndpointProps & { types: readonly string[] }) {
  return (
    <AccountField
      space={space}
      types={types}
      value={form.value.AccountId}
      onChange={(id) => form.set({ AccountId: id })}
      error={form.fault("AccountId")}
    />
  );
}

export function WebAppFields(props: EndpointProps) {
  const { space, form } = props;
  return (
    <Stack>
      <Account {...props} types={AZURE} />
      <TextInput label="Resource group" {...form.field("ResourceGroupName")} />
      <TextInput label="Web app" {...form.field("WebAppName")} />
      <TextInput label="Slot" placeholder="The app itself" {...form.field("WebAppSlotName")} />
      <WorkerPoolField space={space} form={form} />
    </Stack>
  );
}

export function CloudServiceFields(props: EndpointProps) {
  const { space, form } = props;
  return (
    <Stack>
      <Account {...props} types={["AzureSubscription", ...AZURE]} />
      <TextInput label="Cloud service" {...form.field("CloudServiceName")} />
      <TextInput label="Storage account" {...form.field("StorageAccountName")} />
      <Select
        label="Slot"
        data={["Staging", "Production"]}
        allowDeselect={false}
        {...form.pick("Slot")}
        value={form.value.Slot ?? "Staging"}
      />
      <Checkbox label="Swap staging and production where that is possible" {...form.check("SwapIfPossible")} />
      <Checkbox label="Keep the number of instances" {...form.check("UseCurrentInstanceCount")} />
      <WorkerPoolField space={space} form={form} />
    </Stack>
  );
}

const SECURITY = [
  { value: "Unsecure", label: "None" },
  { value: "SecureClientCertificate", label: "A client certificate" },
  { value: "SecureAzureAD", label: "Entra ID (Azure AD)" },
];
const DIRECTORY_WAYS = [
  { value: "UserCredential", label: "As a user" },
  { value: "ClientCredential", label: "As a client with a secret" },
];

export function ServiceFabricFields({ space, form }: EndpointProps) {
  const mode = form.value.SecurityMode ?? "Unsecure";
  return (
    <Stack>
      <TextInput label="Address" placeholder="cluster.example.com:19000" {...form.field("ConnectionEndpoint")} />
      <Select label="Security" data={SECURITY} allowDeselect={false} {...form.pick("SecurityMode")} value={mode} />
      {mode !== "Unsecure" && (
        <TextInput label="Thumbprint of the server's certificate" {...form.field("ServerCertThumbprint")} />
      )}
      {mode === "SecureClientCertificate" && (
        <>
          <TextInput label="Variable with the client certificate" {...form.field("ClientCertVariable")} />
          <TextInput label="Store location" placeholder="CurrentUser" {...form.field("CertificateStoreLocation")} />
          <TextInput label="Store name" placeholder="My" {...form.field("CertificateStoreName")} />
        </>
      )}
      {mode === "SecureAzureAD" && <DirectoryFields form={form} />}
      <WorkerPoolField space={space} form={form} />
    </Stack>
  );
}

function DirectoryFields({ form }: Pick<EndpointProps, "form">) {
  const way = form.value.AadCredentialType ?? "UserCredential";
  return (
    <>
      <Select
        label="Sign in"
        data={DIRECTORY_WAYS}
        allowDeselect={false}
        {...form.pick("AadCredentialType")}
        value={way}
      />
      {way === "UserCredential" ? (
        <>
          <TextInput label="User name" {...form.field("AadUserCredentialUsername")} />
          <SecretField
            label="Password"
            value={form.value.AadUserCredentialPassword}
            onChange={(value) => form.set({ AadUserCredentialPassword: value })}
          />
        </>
      ) : (
        <TextInput label="Client secret" {...form.field("AadClientCredentialSecret")} />
      )}
    </>
  );
}

export function EcsFields(props: EndpointProps) {
  const { space, form } = props;
  return (
    <Stack>
      <Account {...props} types={AMAZON} />
      <Checkbox label="Use the worker's own role instead of an account" {...form.check("UseInstanceRole")} />
      <TextInput label="Cluster" {...form.field("ClusterName")} />
      <TextInput label="Region" placeholder="eu-central-1" {...form.field("Region")} />
      <RoleFields form={form} />
      <WorkerPoolField space={space} form={form} />
    </Stack>
  );
}
