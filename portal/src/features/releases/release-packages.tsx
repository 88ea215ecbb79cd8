import { Anchor, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { BuildFacts } from "@/components/changes";
import { Notice } from "@/components/notice";
import { Panel } from "@/components/page";
import type { Release } from "./api";
import { missingPackagesQuery } from "./edit-api";
import { keyOf } from "./package-choices";
import classes from "./release-packages.module.css";

type Build = Release["BuildInformation"][number];

/** The versions that are fixed, how they were built, and which of them the feed has lost. */
export function ReleasePackages({ space, release }: { space: string; release: Release }) {
  const missing = useQuery(missingPackagesQuery(space, release.Id)).data ?? [];
  return (
    <Panel title="Packages" flush>
      {release.SelectedPackages.length === 0 && (
        <Text size="sm" c="dimmed" p="md">
          This release uses no package.
        </Text>
      )}
      {missing.length > 0 && (
        <div className={classes.missing}>
          <Notice tone="failed" icon={IconAlertTriangle} title="The feed does not have them all any more">
            <Text size="sm">
              {missing.map((one) => `${one.Id} ${one.Version}`).join(", ")}: push them again, or make a new release,
              before you deploy.
            </Text>
          </Notice>
        </div>
      )}
      <ul className={classes.packages}>
        {release.SelectedPackages.map((one) => (
          <li key={keyOf(one)} className={classes.package}>
            <span>
              {one.StepName ?? one.ActionName}
              {one.PackageReferenceName && (
                <Text span size="sm" c="dimmed">
                  {" "}
                  · {one.PackageReferenceName}
                </Text>
              )}
            </span>
            <Text fw={600} className="numbers">
              {one.Version}
            </Text>
          </li>
        ))}
        {release.BuildInformation.map((one) => (
          <BuildRow key={`${one.PackageId}/${one.Version}`} build={one} />
        ))}
      </ul>
    </Panel>
  );
}

function BuildRow({ build }: { build: Build }) {
  const [isOpen, { toggle }] = useDisclosure(build.Commits.length + build.WorkItems.length <= 6);
  const counts = [
    build.WorkItems.length > 0 && `${build.WorkItems.length} work items`,
    build.Commits.length > 0 && `${build.Commits.length} commits`,
  ].filter(Boolean);
  return (
    <li className={classes.build}>
      <Text size="sm" fw={500}>
        How {build.PackageId} {build.Version} was built
        {!isOpen && (
          <>
            {" · "}
            <Anchor component="button" type="button" size="sm" onClick={toggle} aria-expanded={isOpen}>
              {counts.join(", ")}
            </Anchor>
          </>
        )}
      </Text>
      {isOpen && <BuildFacts build={build} />}
    </li>
  );
}
