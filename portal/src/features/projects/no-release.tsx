import { IconListNumbers, IconTag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Project } from "@/api/reference";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink } from "@/components/links";
import { summaryQuery } from "./progression";

/** What a project without releases needs next: a process, or its first release. */
export function NoRelease({ space, project }: { space: string; project: Project }) {
  const { data } = useQuery(summaryQuery(space, project.Id));
  const params = { space, project: project.Slug };
  if (data && !data.HasDeploymentProcess) {
    return (
      <EmptyState
        icon={IconListNumbers}
        title="This project has no process yet"
        action={
          <ButtonLink to="/app/$space/projects/$project/process" params={params}>
            Write the process
          </ButtonLink>
        }
      >
        Begin with the steps that a deployment runs, such as a script or the deployment of a package. A release is then
        made of them.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconTag}
      title="No release yet"
      action={
        <ButtonLink to="/app/$space/projects/$project/new-release" params={params}>
          Create a release
        </ButtonLink>
      }
    >
      When the process is written and its packages are pushed, create the first release and deploy it.
    </EmptyState>
  );
}
