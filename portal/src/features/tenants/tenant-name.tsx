import { Avatar, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { NameCell } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { logoOf } from "./api";

interface Named {
  Id: string;
  Name: string;
  Slug: string;
  LastModifiedOn?: string | null;
}

/** A tenant in a table: its picture and its name, leading to its screen. */
export function TenantName({ space, tenant, children }: { space: string; tenant: Named; children?: ReactNode }) {
  return (
    <Group gap="sm" wrap="nowrap">
      <Avatar src={logoOf(space, tenant)} alt="" size={26} radius="sm" />
      <NameCell
        name={
          <TextLink to="/app/$space/tenants/$tenant" params={{ space, tenant: tenant.Slug }} c="inherit">
            {tenant.Name}
          </TextLink>
        }
      >
        {children}
      </NameCell>
    </Group>
  );
}
