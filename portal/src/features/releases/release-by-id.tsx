import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "@tanstack/react-router";
import { projectQuery } from "@/api/reference";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { releaseByIdQuery } from "./api";

/** Links that name a release by its id lead to its place in its project. */
export function ReleaseById() {
  const { space, release: id } = useParams({ from: "/shell/app/$space/releases/$release" });
  const release = useQuery(releaseByIdQuery(space, id));
  const project = useQuery({ ...projectQuery(space, release.data?.ProjectId ?? ""), enabled: release.isSuccess });
  if (release.data && project.data) {
    const params = { space, project: project.data.Slug, version: release.data.Version };
    return <Navigate to="/app/$space/projects/$project/releases/$version" params={params} replace />;
  }
  return (
    <Page title={id}>
      <Loaded query={(release.isError ? release : project) as UseQueryResult<unknown>} what="The release">
        {() => null}
      </Loaded>
    </Page>
  );
}
