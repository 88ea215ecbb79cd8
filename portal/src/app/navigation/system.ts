import { IconHistory, IconShield, IconUsers, IconUsersGroup } from "@tabler/icons-react";
import { linkOptions } from "@tanstack/react-router";
import type { Entry } from "./entry";

export function systemEntries(): Entry[] {
  return [
    { word: "Audit", icon: IconHistory, link: linkOptions({ to: "/app/audit" }), permissions: ["EventView"] },
    { word: "Users", icon: IconUsers, link: linkOptions({ to: "/app/users" }), permissions: ["UserView"] },
    { word: "Teams", icon: IconUsersGroup, link: linkOptions({ to: "/app/teams" }), permissions: ["TeamView"] },
    { word: "Roles", icon: IconShield, link: linkOptions({ to: "/app/roles" }), permissions: ["UserRoleView"] },
  ];
}
