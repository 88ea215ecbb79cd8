import { PasswordInput, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { FormModal } from "@/components/form";
import type { Fields } from "@/lib/use-form";
import { useForm } from "@/lib/use-form";
import { RestrictFields } from "../accounts/restrict-fields";
import { useCreate } from "../crud";
import type { Certificate } from "./api";
import { FileDrop } from "./file-drop";

const NEW = {
  Name: "",
  Notes: "",
  CertificateData: null,
  Password: null,
  EnvironmentIds: [],
  TenantedDeploymentParticipation: "Untenanted",
  TenantIds: [],
  TenantTags: [],
} as unknown as Certificate;

const secretOf = (text: string) => ({ HasValue: text !== "", NewValue: text, Hint: null });

export function AddCertificate({ space, onClose }: { space: string; onClose: () => void }) {
  const creating = useCreate("certificates", space);
  const form = useForm(NEW, creating.error);
  const [file, setFile] = useState<string | null>(null);
  const navigate = useNavigate();
  return (
    <FormModal
      title="Add a certificate"
      action="Add"
      form={form}
      pending={creating.isPending}
      barred={file === null ? "Choose its file first." : null}
      size="lg"
      onSubmit={() =>
        creating.mutate(form.value, {
          onSuccess: (made) =>
            navigate({
              to: "/app/$space/infrastructure/certificates/$certificate",
              params: { space, certificate: made.Id },
            }),
        })
      }
      onClose={onClose}
    >
      <FileDrop
        name={file}
        error={form.fault("CertificateData")}
        onChoose={(name, encoded) => {
          setFile(name);
          form.set({ CertificateData: secretOf(encoded), Name: form.value.Name || name.replace(/\.[^.]+$/, "") });
        }}
      />
      <FilePassword form={form} />
      <TextInput label="Name" required withAsterisk={false} {...form.field("Name")} />
      <Textarea label="Notes" autosize minRows={2} {...form.field("Notes")} />
      <RestrictFields space={space} form={form} />
    </FormModal>
  );
}

function FilePassword({ form }: { form: Fields<Certificate> }) {
  return (
    <PasswordInput
      label="Password of the file"
      description="Where the file has one."
      autoComplete="new-password"
      value={form.value.Password?.NewValue ?? ""}
      onChange={(event) => form.set({ Password: secretOf(event.currentTarget.value) })}
      error={form.fault("Password")}
    />
  );
}
