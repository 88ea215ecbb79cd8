import { Group, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Project } from "@/api/reference";
import { useEnvironmentNames } from "@/api/reference";
import { ActionButton } from "@/components/permitted";
import { notifyError } from "@/lib/notify";
import { lackingQuery, MOST_TO_DEPLOY, type ProjectTenantFilter } from "./api";
import { releaseQuery } from "./release-picker";
import classes from "./tenants-screen.module.css";

interface Props {
  space: string;
  project: Project;
  /** The id of the release that they lack. */
  release: string;
  /** How they were found. */
  words: string;
  filters: { [key in ProjectTenantFilter]?: string };
  count: number;
}

/** Says how many tenants lack a release, and leads to deploying it for just these. */
export function LackingBar({ space, project, release: id, words, filters, count }: Props) {
  const { environment } = filters;
  const { data: release } = useQuery(releaseQuery(space, id));
  const nameOf = useEnvironmentNames(space);
  const navigate = useNavigate();
  const client = useQueryClient();
  const finding = useMutation({
    mutationFn: () => client.fetchQuery(lackingQuery(space, project.Id, words, filters)),
    onError: (error) => notifyError("The tenants were not found", error),
  });
  if (!release) return null;
  const deploy = () =>
    finding.mutate(undefined, {
      onSuccess: (tenants) =>
        navigate({
          to: "/app/$space/projects/$project/releases/$version/deploy",
          params: { space, project: project.Slug, version: release.Version },
          search: { environment, tenant: tenants.join(",") || undefined },
        }),
    });
  const where = environment ? ` in ${nameOf(environment)}` : " in some environment";
  return (
    <div className={classes.chosen}>
      <Text size="sm" role="status" className="numbers">
        {count === 1 ? "1 tenant lacks" : `${count} tenants lack`} {release.Version}
        {where}.
      </Text>
      <Group gap="xs">
        <ActionButton
          size="compact-sm"
          need={{ permission: "DeploymentCreate", space, project: project.Id, environment }}
          barred={count === 0 ? "No tenant lacks it." : null}
          loading={finding.isPending}
          onClick={deploy}
        >
          {count > MOST_TO_DEPLOY ? `Deploy for the first ${MOST_TO_DEPLOY}` : `Deploy ${release.Version}`}
        </ActionButton>
      </Group>
    </div>
  );
}
