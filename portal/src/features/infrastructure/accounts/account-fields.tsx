import { Select, TextInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer, api, type Shape } from "@/api/client";
import { SecretField, SecretFileField } from "@/components/secret-field";
import type { Fields } from "@/lib/use-form";
import { type Account, type FieldSpec, kindOf } from "./types";

/** What an account of its type consists of. Secrets are written and never shown. */
export function AccountFields({ form }: { form: Fields<Account> }) {
  const kind = kindOf(form.value.AccountType);
  return kind?.fields.map((spec) => <Field key={spec.name} spec={spec} form={form} />);
}

function Field({ spec, form }: { spec: FieldSpec; form: Fields<Account> }): ReactNode {
  const { kind, name, label, description } = spec;
  if (kind === "text")
    return <TextInput label={label} description={description} placeholder={spec.placeholder} {...form.field(name)} />;
  if (kind === "cloud") return <Cloud form={form} />;
  const secret = {
    label,
    description,
    value: form.value[name] as Shape<"SensitiveValue"> | null | undefined,
    onChange: (value: Shape<"SensitiveValue"> | null) => form.set({ [name]: value }),
    error: form.fault(name),
  };
  return kind === "file" ? <SecretFileField {...secret} pasteable /> : <SecretField {...secret} />;
}

const cloudsQuery = queryOptions({
  queryKey: ["azure-clouds"],
  queryFn: () => answer(api.GET("/api/accounts/azureenvironments")),
  staleTime: Number.POSITIVE_INFINITY,
});

function Cloud({ form }: { form: Fields<Account> }) {
  const clouds = useQuery(cloudsQuery).data ?? [];
  return (
    <Select
      label="Cloud"
      placeholder="The usual one"
      clearable
      data={clouds.map((cloud) => ({ value: cloud.Name, label: cloud.DisplayName }))}
      value={form.value.AzureEnvironment || null}
      onChange={(name) => form.set({ AzureEnvironment: name })}
      error={form.fault("AzureEnvironment")}
    />
  );
}
