import { Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { Picker } from "@/components/picker";
import { partOf } from "@/lib/use-form";
import type { EndpointProps } from "./endpoint-fields";
import { KubernetesSignIn } from "./kubernetes-sign-in";
import { WorkerPoolField } from "./region-fields";

const TRUST = [
  { value: "worker", label: "By what the worker trusts" },
  { value: "certificate", label: "By a certificate from the library" },
  { value: "skip", label: "Not at all: anybody could answer in its place" },
];

export function KubernetesFields(props: EndpointProps) {
  const { space, form } = props;
  return (
    <Stack>
      <KubernetesSignIn space={space} form={form} />
      <TextInput
        label="Address of the API"
        placeholder="https://cluster.example.com:6443"
        {...form.field("ClusterUrl")}
      />
      <Trust {...props} />
      <TextInput
        label="Namespace"
        description="For steps that name none."
        placeholder="default"
        {...form.field("Namespace")}
      />
      <WorkerPoolField space={space} form={form} />
      <Image space={space} form={form} />
      <Checkbox label="The worker runs within the cluster" {...form.check("RunningInContainer")} />
    </Stack>
  );
}

/** How the cluster's own certificate is checked. */
function Trust({ space, form }: EndpointProps) {
  const skips = String(form.value.SkipTlsVerification ?? "").toLowerCase() === "true";
  const hasCertificate = form.value.ClusterCertificate != null;
  const way = skips ? "skip" : hasCertificate ? "certificate" : "worker";
  const choose = (next: string | null) =>
    form.set({
      SkipTlsVerification: next === "skip" ? "True" : "False",
      ClusterCertificate: next === "certificate" ? (form.value.ClusterCertificate ?? "") : null,
    });
  return (
    <>
      <Select
        label="The cluster's certificate is checked"
        data={TRUST}
        allowDeselect={false}
        value={way}
        onChange={choose}
        error={form.fault("SkipTlsVerification")}
      />
      {way === "certificate" && (
        <Picker
          kind="certificates"
          space={space}
          label="Cluster certificate"
          placeholder="Choose a certificate"
          value={form.value.ClusterCertificate || null}
          onChange={(id) => form.set({ ClusterCertificate: id ?? "" })}
          error={form.fault("ClusterCertificate")}
        />
      )}
    </>
  );
}

function Image({ space, form }: Pick<EndpointProps, "space" | "form">) {
  const container = partOf(form, "Container");
  return (
    <>
      <Picker
        kind="feeds"
        space={space}
        label="Feed of the image with tools"
        placeholder="None"
        value={container.value.FeedId ?? null}
        onChange={(id) => container.set({ FeedId: id })}
        error={container.fault("FeedId")}
      />
      {(container.value.FeedId || container.value.Image) && (
        <TextInput label="Image with tools" placeholder="octopusdeploy/worker-tools:6" {...container.field("Image")} />
      )}
    </>
  );
}
