import type { ReactNode } from "react";
import { Picker } from "@/components/picker";

interface Props {
  space: string;
  label?: string;
  description?: ReactNode;
  /** The types of accounts that are offered. */
  types: readonly string[];
  value: string | null | undefined;
  onChange: (id: string | null) => void;
  error?: string;
}

export function AccountField({ space, label = "Account", types, value, ...rest }: Props) {
  return (
    <Picker
      kind="accounts"
      space={space}
      label={label}
      placeholder="Choose an account"
      filters={{ accountType: types.join(",") }}
      value={value ?? null}
      {...rest}
    />
  );
}

export const AZURE = ["AzureServicePrincipal", "AzureOidc"];
export const AMAZON = ["AmazonWebServicesAccount", "AmazonWebServicesRoleAccount", "AmazonWebServicesOidcAccount"];
export const GOOGLE = ["GoogleCloudAccount", "GoogleCloudOidcAccount"];
