import {
  IconBell,
  IconBox,
  IconHistory,
  IconServerCog,
  IconSettings2,
  IconShield,
  IconStethoscope,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import { linkOptions } from "@tanstack/react-router";
import type { Entry } from "./entry";

/** Of the whole server, but the audit trail and the subscriptions, which begin with those of the space. */
export function systemEntries(space: string): Entry[] {
  const params = { space };
  return [
    {
      word: "Audit",
      icon: IconHistory,
      link: linkOptions({ to: "/app/$space/audit", params }),
      permissions: ["EventView"],
    },
    { word: "Users", icon: IconUsers, link: linkOptions({ to: "/app/users" }), permissions: ["UserView"] },
    { word: "Teams", icon: IconUsersGroup, link: linkOptions({ to: "/app/teams" }), permissions: ["TeamView"] },
    { word: "Roles", icon: IconShield, link: linkOptions({ to: "/app/roles" }), permissions: ["UserRoleView"] },
    {
      word: "Subscriptions",
      icon: IconBell,
      link: linkOptions({ to: "/app/$space/subscriptions", params }),
      permissions: ["SubscriptionView"],
    },
    {
      word: "Spaces",
      icon: IconBox,
      link: linkOptions({ to: "/app/spaces" }),
      permissions: ["SpaceView", "SpaceEdit"],
    },
    {
      word: "Settings",
      icon: IconSettings2,
      link: linkOptions({ to: "/app/settings" }),
      permissions: ["ConfigureServer"],
    },
    { word: "Nodes", icon: IconServerCog, link: linkOptions({ to: "/app/nodes" }), permissions: ["AdministerSystem"] },
    {
      word: "Diagnostics",
      icon: IconStethoscope,
      link: linkOptions({ to: "/app/diagnostics" }),
      permissions: ["AdministerSystem"],
    },
  ];
}
