import { Checkbox, Select, TextInput } from "@mantine/core";
import { Picker } from "@/components/picker";
import { type Fields, partOf } from "@/lib/use-form";
import { AccountField, AMAZON, AZURE, GOOGLE } from "./account-field";
import { RoleFields } from "./role-fields";
import type { Endpoint } from "./starts";

type SignIn = NonNullable<Endpoint["Authentication"]>;

const WAYS = [
  { value: "KubernetesStandard", label: "An account: token, or user name and password" },
  { value: "KubernetesCertificate", label: "A client certificate" },
  { value: "KubernetesAzure", label: "Azure (AKS)" },
  { value: "KubernetesAws", label: "Amazon (EKS)" },
  { value: "KubernetesGoogleCloud", label: "Google (GKE)" },
  { value: "KubernetesPodService", label: "The service account of the worker's pod" },
  { value: "None", label: "None" },
];

/** How the cluster is signed in to. */
export function KubernetesSignIn({ space, form }: { space: string; form: Fields<Endpoint> }) {
  const signing = partOf(form, "Authentication");
  const way = signing.value.AuthenticationType ?? "None";
  const Fields = FIELDS[way];
  return (
    <>
      <Select
        label="Sign in by"
        data={WAYS}
        allowDeselect={false}
        value={way}
        onChange={(next) => signing.set({ AuthenticationType: (next ?? "None") as SignIn["AuthenticationType"] })}
        error={signing.fault("AuthenticationType")}
      />
      {Fields && <Fields space={space} form={signing} />}
    </>
  );
}

interface Props {
  space: string;
  form: Fields<SignIn>;
}

const FIELDS: Record<string, ((props: Props) => React.ReactNode) | undefined> = {
  KubernetesStandard: (props) => <Account {...props} types={["Token", "UsernamePassword"]} />,
  KubernetesCertificate: ({ space, form }) => (
    <Picker
      kind="certificates"
      space={space}
      label="Client certificate"
      placeholder="Choose a certificate"
      value={form.value.ClientCertificate ?? null}
      onChange={(id) => form.set({ ClientCertificate: id })}
      error={form.fault("ClientCertificate")}
    />
  ),
  KubernetesAzure: (props) => (
    <>
      <Account {...props} types={AZURE} />
      <TextInput label="Cluster" {...props.form.field("ClusterName")} />
      <TextInput label="Resource group" {...props.form.field("ClusterResourceGroup")} />
      <Checkbox
        label="Sign in as the cluster's administrator"
        checked={String(props.form.value.AdminLogin ?? "").toLowerCase() === "true"}
        onChange={(event) => props.form.set({ AdminLogin: String(event.currentTarget.checked) })}
      />
    </>
  ),
  KubernetesAws: (props) => (
    <>
      <Checkbox label="Use the worker's own role instead of an account" {...props.form.check("UseInstanceRole")} />
      {!props.form.value.UseInstanceRole && <Account {...props} types={AMAZON} />}
      <TextInput label="Cluster" {...props.form.field("ClusterName")} />
      <RoleFields form={props.form} />
    </>
  ),
  KubernetesGoogleCloud: (props) => (
    <>
      <Checkbox label="Use the worker's own service account" {...props.form.check("UseVmServiceAccount")} />
      {!props.form.value.UseVmServiceAccount && <Account {...props} types={GOOGLE} />}
      <TextInput label="Cluster" {...props.form.field("ClusterName")} />
      <TextInput label="Project" {...props.form.field("Project")} />
      <TextInput label="Region" {...props.form.field("Region")} />
      <TextInput
        label="Zone"
        description="One of region and zone: whichever the cluster was made for."
        {...props.form.field("Zone")}
      />
      <Checkbox label="Act as other service accounts" {...props.form.check("ImpersonateServiceAccount")} />
      {props.form.value.ImpersonateServiceAccount && (
        <TextInput label="Their addresses" {...props.form.field("ServiceAccountEmails")} />
      )}
    </>
  ),
  KubernetesPodService: ({ form }) => (
    <TextInput
      label="File of the token"
      placeholder="/var/run/secrets/kubernetes.io/serviceaccount/token"
      {...form.field("TokenPath")}
    />
  ),
};

function Account({ space, form, types }: Props & { types: readonly string[] }) {
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
