import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Project } from "@/api/reference";
import { useEnvironmentNames } from "@/api/reference";
import { ButtonLink } from "@/components/links";
import { Permitted } from "@/components/permitted";
import { releaseQuery } from "./release-picker";
import classes from "./tenants-screen.module.css";

interface Props {
  space: string;
  project: Project;
  /** The id of the release that they lack. */
  release: string;
  environment: string | undefined;
  count: number;
}

/** Says how many tenants lack a release, and leads to deploying it for them. */
export function LackingBar({ space, project, release: id, environment, count }: Props) {
  const { data: release } = useQuery(releaseQuery(space, id));
  const nameOf = useEnvironmentNames(space);
  if (!release) return null;
  const where = environment ? ` in ${nameOf(environment)}` : " in some environment";
  return (
    <div className={classes.chosen}>
      <Text size="sm" role="status" className="numbers">
        {count === 1 ? "1 tenant lacks" : `${count} tenants lack`} {release.Version}
        {where}.
      </Text>
      <Group gap="xs">
        <Permitted need={{ permission: "DeploymentCreate", space, project: project.Id, environment }}>
          {(isAllowed) => (
            <ButtonLink
              size="compact-sm"
              disabled={!isAllowed}
              to="/app/$space/projects/$project/releases/$version/deploy"
              params={{ space, project: project.Slug, version: release.Version }}
              search={{ environment }}
            >
              Deploy {release.Version}
            </ButtonLink>
          )}
        </Permitted>
      </Group>
    </div>
  );
}
