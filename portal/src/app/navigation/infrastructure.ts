import {
  IconCertificate,
  IconFingerprint,
  IconKey,
  IconRouteAltLeft,
  IconServer2,
  IconSitemap,
  IconStack3,
  IconStethoscope,
  IconTerminal2,
  IconTool,
  IconWorld,
} from "@tabler/icons-react";
import { linkOptions } from "@tanstack/react-router";
import type { Entry } from "./entry";

export function infrastructureEntries(space: string): Entry[] {
  const params = { space };
  return [
    {
      word: "Overview",
      icon: IconSitemap,
      link: linkOptions({ to: "/app/$space/infrastructure", params }),
      exact: true,
      permissions: ["EnvironmentView", "WorkerView"],
    },
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
    {
      word: "Workers",
      icon: IconTool,
      link: linkOptions({ to: "/app/$space/infrastructure/workers", params }),
      permissions: ["WorkerView"],
    },
    {
      word: "Worker pools",
      icon: IconStack3,
      link: linkOptions({ to: "/app/$space/infrastructure/worker-pools", params }),
      permissions: ["WorkerView"],
    },
    {
      word: "Machine policies",
      icon: IconStethoscope,
      link: linkOptions({ to: "/app/$space/infrastructure/machine-policies", params }),
      permissions: ["MachinePolicyView"],
    },
    {
      word: "Accounts",
      icon: IconKey,
      link: linkOptions({ to: "/app/$space/infrastructure/accounts", params }),
      permissions: ["AccountView"],
    },
    {
      word: "Certificates",
      icon: IconCertificate,
      link: linkOptions({ to: "/app/$space/infrastructure/certificates", params }),
      permissions: ["CertificateView"],
    },
    {
      word: "Proxies",
      icon: IconRouteAltLeft,
      link: linkOptions({ to: "/app/$space/infrastructure/proxies", params }),
      permissions: ["ProxyView"],
    },
    {
      word: "Known SSH hosts",
      icon: IconFingerprint,
      link: linkOptions({ to: "/app/$space/infrastructure/known-hosts", params }),
      permissions: ["SshKnownHostsView"],
    },
    {
      word: "Script console",
      icon: IconTerminal2,
      link: linkOptions({ to: "/app/$space/infrastructure/console", params }),
      permissions: ["MachineEdit", "WorkerEdit", "AdministerSystem"],
    },
  ];
}
