import { PasswordInput, Text } from "@mantine/core";
import { useState } from "react";
import { FormModal } from "@/components/form";
import { notifyDone } from "@/lib/notify";
import { useForm } from "@/lib/use-form";
import { type Certificate, useReplace } from "./api";
import { FileDrop } from "./file-drop";

interface Props {
  space: string;
  certificate: Certificate;
  onClose: () => void;
}

export function ReplaceDialog({ space, certificate, onClose }: Props) {
  const replacing = useReplace(space, certificate.Id);
  const form = useForm({ CertificateData: "", Password: "" }, replacing.error);
  const [file, setFile] = useState<string | null>(null);
  const save = () =>
    replacing.mutate(
      { CertificateData: form.value.CertificateData, Password: form.value.Password || null },
      {
        onSuccess: () => {
          notifyDone("The certificate has its new content.");
          onClose();
        },
      },
    );
  return (
    <FormModal
      title={`Replace ${certificate.Name}`}
      action="Replace"
      form={form}
      pending={replacing.isPending}
      barred={file === null ? "Choose the new file first." : null}
      onSubmit={save}
      onClose={onClose}
    >
      <Text size="sm">
        All that uses the certificate uses the new content from the next deployment on. What it holds now is archived.
      </Text>
      <FileDrop
        name={file}
        error={form.fault("CertificateData")}
        onChoose={(name, encoded) => {
          setFile(name);
          form.set({ CertificateData: encoded });
        }}
      />
      <PasswordInput
        label="Password of the file"
        description="Where the file has one."
        autoComplete="new-password"
        {...form.field("Password")}
      />
    </FormModal>
  );
}
