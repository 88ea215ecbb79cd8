import { Badge } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { linkOptions, Outlet, useParams } from "@tanstack/react-router";
import { channelsQuery, type Project, projectQuery } from "@/api/reference";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { TabLinks } from "@/components/tab-links";
import { Ago } from "@/components/time";
import { type Release, releaseQuery } from "./api";
import { DefectNotice } from "./defects";
import { ReleaseActions } from "./release-actions";

/** What all screens of a release share: its version, its tabs, what can be done with it. */
export function ReleaseFrame() {
  const { space, project: named, version } = useParams({ from: FRAME });
  const project = useQuery(projectQuery(space, named));
  const release = useQuery(releaseQuery(space, named, version));
  const channels = useQuery({ ...channelsQuery(space, project.data?.Id ?? ""), enabled: project.isSuccess });
  const channel = channels.data?.find((one) => one.Id === release.data?.ChannelId);
  const params = { space, project: named, version };
  const isTenanted = project.data !== undefined && project.data.TenantedDeploymentMode !== "Untenanted";
  return (
    <Page
      title={`Release ${version}`}
      crumbs={[
        { text: "Projects", to: `/app/${space}/projects` },
        { text: project.data?.Name ?? named, to: `/app/${space}/projects/${named}` },
        { text: "Releases", to: `/app/${space}/projects/${named}/releases` },
      ]}
      aside={channel && <Badge color="gray">{channel.Name}</Badge>}
      description={
        release.data?.Assembled && (
          <>
            Created <Ago at={release.data.Assembled} />
          </>
        )
      }
      actions={
        release.data && project.data && <ReleaseActions space={space} project={project.data} release={release.data} />
      }
      tabs={
        <TabLinks
          label="Release"
          tabs={[
            {
              word: "Overview",
              link: linkOptions({ to: "/app/$space/projects/$project/releases/$version", params }),
              exact: true,
            },
            {
              word: "Deployments",
              link: linkOptions({ to: "/app/$space/projects/$project/releases/$version/deployments", params }),
            },
            ...(isTenanted
              ? [
                  {
                    word: "Tenants",
                    link: linkOptions({ to: "/app/$space/projects/$project/releases/$version/tenants", params }),
                  },
                ]
              : []),
            {
              word: "Snapshot",
              link: linkOptions({ to: "/app/$space/projects/$project/releases/$version/snapshot", params }),
            },
            {
              word: "Artifacts",
              link: linkOptions({ to: "/app/$space/projects/$project/releases/$version/artifacts", params }),
            },
            {
              word: "History",
              link: linkOptions({ to: "/app/$space/projects/$project/releases/$version/history", params }),
            },
          ]}
        />
      }
    >
      <Loaded query={release} what="The release" rows={8}>
        {(data) => (
          <Loaded query={project} what="The project" rows={8}>
            {(whose) => (
              <>
                <DefectNotice space={space} project={whose} release={data} />
                <Outlet />
              </>
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

const FRAME = "/shell/app/$space/projects/$project/releases/$version";

/** The release of the tab that is shown; the frame shows tabs only when it is there. */
export function useRelease(): { space: string; named: string; project: Project; release: Release } {
  const { space, project: named, version } = useParams({ from: FRAME });
  const project = useQuery(projectQuery(space, named)).data;
  const release = useQuery(releaseQuery(space, named, version)).data;
  if (!project || !release) throw new Error("A tab of a release is shown only within its frame.");
  return { space, named, project, release };
}
