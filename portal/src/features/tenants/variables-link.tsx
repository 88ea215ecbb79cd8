import type { ReactNode } from "react";
import { TextLink } from "@/components/links";

interface Props {
  space: string;
  /** Its id or its slug. */
  tenant: string;
  children: ReactNode;
}

/** Leads to where a tenant is given its values of variables. */
export function VariablesLink({ space, tenant, children }: Props) {
  return (
    <TextLink to="/app/$space/tenants/$tenant/variables" params={{ space, tenant }} size="sm" underline="always">
      {children}
    </TextLink>
  );
}
