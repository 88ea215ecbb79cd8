import { IconBook2, IconLayoutDashboard, IconListCheck, IconStack2, IconUsersGroup } from "@tabler/icons-react";
import { linkOptions } from "@tanstack/react-router";
import { TaskCounts } from "../shell/task-counts";
import type { Entry } from "./entry";

export function mainEntries(space: string): Entry[] {
  const params = { space };
  return [
    {
      word: "Dashboard",
      icon: IconLayoutDashboard,
      link: linkOptions({ to: "/app/$space", params }),
      exact: true,
    },
    { word: "Projects", icon: IconStack2, link: linkOptions({ to: "/app/$space/projects", params }) },
    {
      word: "Tenants",
      icon: IconUsersGroup,
      link: linkOptions({ to: "/app/$space/tenants", params }),
      permissions: ["TenantView"],
    },
    { word: "Tasks", icon: IconListCheck, link: linkOptions({ to: "/app/$space/tasks", params }), aside: TaskCounts },
    {
      word: "Runbook runs",
      icon: IconBook2,
      link: linkOptions({ to: "/app/$space/runbook-runs", params }),
      permissions: ["RunbookRunView"],
    },
  ];
}
