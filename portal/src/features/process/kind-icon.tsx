import {
  type Icon,
  IconBox,
  IconHandStop,
  IconHeartbeat,
  IconMail,
  IconPackageExport,
  IconPuzzle,
  IconRocket,
  IconShip,
  IconTerminal2,
} from "@tabler/icons-react";

const ICONS: Record<string, Icon> = {
  "Octopus.Script": IconTerminal2,
  "Octopus.TentaclePackage": IconBox,
  "Octopus.KubernetesRunScript": IconShip,
  "Octopus.Manual": IconHandStop,
  "Octopus.Email": IconMail,
  "Octopus.HealthCheck": IconHeartbeat,
  "Octopus.DeployRelease": IconRocket,
  "Octopus.TransferPackage": IconPackageExport,
};

/** The sign of a kind of step; kinds that the portal does not know share one. */
export function KindIcon({ type, size = 16 }: { type: string; size?: number }) {
  const Sign = ICONS[type] ?? IconPuzzle;
  return <Sign size={size} stroke={1.7} aria-hidden />;
}
