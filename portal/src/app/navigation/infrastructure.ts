import { IconServer2, IconWorld } from "@tabler/icons-react";
import { linkOptions } from "@tanstack/react-router";
import type { Entry } from "./entry";

export function infrastructureEntries(space: string): Entry[] {
  const params = { space };
  return [
    {
      word: "Environments",
      icon: IconWorld,
      link: linkOptions({ to: "/app/$space/infrastructure/environments", params }),
      permissions: ["EnvironmentView"],
    },
    {
      word: "Targets",
      icon: IconServer2,
      link: linkOptions({ to: "/app/$space/infrastructure/targets", params }),
      permissions: ["MachineView"],
    },
  ];
}
