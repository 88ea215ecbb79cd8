import { IconUsers } from "@tabler/icons-react";
import { linkOptions } from "@tanstack/react-router";
import type { Entry } from "./entry";

export function systemEntries(): Entry[] {
  return [{ word: "Users", icon: IconUsers, link: linkOptions({ to: "/app/users" }), permissions: ["UserView"] }];
}
