import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import { useEnvironmentNames } from "@/api/reference";
import { ButtonLink } from "@/components/links";
import type { Task } from "./api";

const progressionQuery = (space: string, release: string, tenant: string | null) =>
  queryOptions({
    queryKey: ["progression", release, "for", tenant],
    queryFn: () => {
      const params = { path: { space, id: release }, query: { ...(tenant && { tenant }) } };
      return answer(api.GET("/api/{space}/releases/{id}/progression", { params }));
    },
  });

interface Props {
  space: string;
  project: string;
  version: string;
  deployment: Shape<"Deployment">;
  task: Task;
}

/** What comes after a deployment that has ended: the same again, or the release's next environment. */
export function PromoteButtons({ space, project, version, deployment, task }: Props) {
  const nameOf = useEnvironmentNames(space);
  const progression = useQuery({
    ...progressionQuery(space, deployment.ReleaseId, deployment.TenantId),
    enabled: task.FinishedSuccessfully,
  });
  if (!task.IsCompleted) return null;
  const to = "/app/$space/projects/$project/releases/$version/deploy";
  const params = { space, project, version };
  const tenant = deployment.TenantId ?? undefined;
  const next = (progression.data?.NextDeployments ?? []).filter((id) => id !== deployment.EnvironmentId);
  return (
    <>
      <ButtonLink to={to} params={params} search={{ environment: deployment.EnvironmentId, tenant }} variant="default">
        Deploy again
      </ButtonLink>
      {next.slice(0, 1).map((id) => (
        <ButtonLink key={id} to={to} params={params} search={{ environment: id, tenant }}>
          Promote to {nameOf(id)}
        </ButtonLink>
      ))}
    </>
  );
}
