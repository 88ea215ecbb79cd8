import { PasswordInput, Select, Switch } from "@mantine/core";
import { FormModal } from "@/components/form";
import { type Need, useMay } from "@/components/permitted";
import { useForm } from "@/lib/use-form";
import { type Certificate, useExport } from "./api";

const FORMATS = [
  { value: "", label: "As it was uploaded" },
  { value: "Pkcs12", label: "PFX, with its key" },
  { value: "Pem", label: "PEM" },
  { value: "Der", label: "DER, without its key" },
];
const PEM_OPTIONS = [
  { value: "PrimaryOnly", label: "The certificate alone" },
  { value: "PrimaryAndChain", label: "The certificate and its chain" },
  { value: "ChainOnly", label: "The chain alone" },
];

interface Props {
  space: string;
  certificate: Certificate;
  onClose: () => void;
}

/** The certificate as a file. With its private key it is told by the audit trail, and needs a permission of its own. */
export function ExportDialog({ space, certificate, onClose }: Props) {
  const exporting = useExport(space, certificate.Id);
  const form = useForm({ format: "Pem", pemOptions: "PrimaryOnly", withKey: false, password: "" }, exporting.error);
  const { format, pemOptions, withKey, password } = form.value;
  const tellsKey = certificate.HasPrivateKey && (format === "" || format === "Pkcs12" || (format === "Pem" && withKey));
  const need: Need = { permission: tellsKey ? "CertificateExportPrivateKey" : "CertificateView", space };
  const mayTellKey = useMay({ permission: "CertificateExportPrivateKey", space });
  const save = () =>
    exporting.mutate(
      {
        ...(format && { format }),
        ...(format === "Pem" && { pemOptions, includePrivateKey: String(withKey) }),
        ...(password && { password }),
      },
      { onSuccess: onClose },
    );
  return (
    <FormModal
      title={`Export ${certificate.Name}`}
      action="Export"
      form={{ ...form, isChanged: false }}
      pending={exporting.isPending}
      need={need}
      onSubmit={save}
      onClose={onClose}
    >
      <Select
        label="Format"
        data={FORMATS}
        allowDeselect={false}
        value={format}
        onChange={(value) => form.set({ format: value ?? "" })}
        error={form.fault("format")}
      />
      {format === "Pem" && (
        <>
          <Select
            label="What it holds"
            data={PEM_OPTIONS}
            allowDeselect={false}
            value={pemOptions}
            onChange={(value) => form.set({ pemOptions: value ?? "PrimaryOnly" })}
          />
          {certificate.HasPrivateKey && (
            <Switch
              label="With its private key"
              description={mayTellKey ? undefined : "Needs the permission CertificateExportPrivateKey."}
              {...form.check("withKey")}
            />
          )}
        </>
      )}
      {tellsKey && format !== "" && (
        <PasswordInput
          label="Password for the file"
          description="Encrypts the key in it."
          autoComplete="new-password"
          {...form.field("password")}
        />
      )}
    </FormModal>
  );
}
