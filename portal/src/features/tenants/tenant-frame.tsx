import { Avatar, Group } from "@mantine/core";
import { IconCopy, IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions, Outlet, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { TabLinks } from "@/components/tab-links";
import { TagChips } from "@/components/tag-chips";
import { logoOf, type Tenant, tenantQuery } from "./api";
import { ConnectWizard } from "./connect-wizard";
import { NewTenant } from "./new-tenant";

/** What all screens of a tenant share: who it is, its tabs, and how it is connected or copied. */
export function TenantFrame() {
  const { space, tenant: named } = useParams({ from: "/shell/app/$space/tenants/$tenant" });
  const query = useQuery(tenantQuery(space, named));
  const tenant = query.data;
  const params = { space, tenant: named };
  const tabs = [
    { word: "Overview", link: linkOptions({ to: "/app/$space/tenants/$tenant", params }), exact: true },
    { word: "Variables", link: linkOptions({ to: "/app/$space/tenants/$tenant/variables", params }) },
    { word: "Tasks", link: linkOptions({ to: "/app/$space/tenants/$tenant/tasks", params }) },
    { word: "History", link: linkOptions({ to: "/app/$space/tenants/$tenant/history", params }) },
    { word: "Settings", link: linkOptions({ to: "/app/$space/tenants/$tenant/settings", params }) },
  ];
  return (
    <Page
      title={tenant?.Name ?? named}
      crumbs={[{ text: "Tenants", to: `/app/${space}/tenants` }]}
      sign={tenant && <Avatar src={logoOf(space, tenant)} alt="" size={26} radius="sm" />}
      aside={tenant?.IsDisabled && <StateBadge of="cancelled" word="Disabled" />}
      description={tenant && tenant.TenantTags.length > 0 && <TagChips space={space} names={tenant.TenantTags} />}
      actions={tenant && <Actions space={space} tenant={tenant} />}
      tabs={<TabLinks label="Tenant" tabs={tabs} />}
    >
      <Loaded query={query} what="The tenant">
        {() => <Outlet />}
      </Loaded>
    </Page>
  );
}

function Actions({ space, tenant }: { space: string; tenant: Tenant }) {
  const [dialog, setDialog] = useState<"connect" | "copy" | null>(null);
  return (
    <Group gap="xs">
      <ActionButton
        variant="default"
        need={{ permission: "TenantCreate", space }}
        leftSection={<IconCopy size={16} />}
        onClick={() => setDialog("copy")}
      >
        Copy
      </ActionButton>
      <ActionButton
        need={{ permission: "TenantEdit", space, tenant: tenant.Id }}
        leftSection={<IconPlugConnected size={16} />}
        onClick={() => setDialog("connect")}
      >
        Connect to projects
      </ActionButton>
      {dialog === "connect" && <ConnectWizard space={space} tenant={tenant} onClose={() => setDialog(null)} />}
      {dialog === "copy" && <NewTenant space={space} source={tenant} onClose={() => setDialog(null)} />}
    </Group>
  );
}
