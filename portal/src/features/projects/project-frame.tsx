import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { linkOptions, Outlet, useParams } from "@tanstack/react-router";
import { type Project, projectQuery } from "@/api/reference";
import { ButtonLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { ProjectLogo } from "@/components/project-logo";
import { StateBadge } from "@/components/state";
import { type TabLink, TabLinks } from "@/components/tab-links";
import { firstLineOf } from "@/lib/first-line";

function tabsOf(space: string, project: string): TabLink[] {
  const params = { space, project };
  return [
    { word: "Overview", link: linkOptions({ to: "/app/$space/projects/$project", params }), exact: true },
    { word: "Releases", link: linkOptions({ to: "/app/$space/projects/$project/releases", params }) },
    { word: "Process", link: linkOptions({ to: "/app/$space/projects/$project/process", params }) },
    { word: "Variables", link: linkOptions({ to: "/app/$space/projects/$project/variables", params }) },
    { word: "Channels", link: linkOptions({ to: "/app/$space/projects/$project/channels", params }) },
    { word: "Runbooks", link: linkOptions({ to: "/app/$space/projects/$project/runbooks", params }) },
    { word: "Triggers", link: linkOptions({ to: "/app/$space/projects/$project/triggers", params }) },
    { word: "Tenants", link: linkOptions({ to: "/app/$space/projects/$project/tenants", params }) },
    { word: "Settings", link: linkOptions({ to: "/app/$space/projects/$project/settings", params }) },
  ];
}

/** What all screens of a project share: its name, its tabs, the button for a new release. */
export function ProjectFrame() {
  const { space, project: named } = useParams({ from: "/shell/app/$space/projects/$project" });
  const project = useQuery(projectQuery(space, named));
  return (
    <Page
      title={project.data?.Name ?? named}
      crumbs={[{ text: "Projects", to: `/app/${space}/projects` }]}
      aside={project.data?.IsDisabled && <StateBadge of="cancelled" word="Disabled" />}
      sign={project.data && <ProjectLogo space={space} project={project.data.Id} size={26} />}
      description={project.data && firstLineOf(project.data.Description)}
      actions={<CreateRelease space={space} named={named} project={project.data} />}
      tabs={<TabLinks label="Project" tabs={tabsOf(space, named)} />}
    >
      <Loaded query={project} what="The project">
        {() => <Outlet />}
      </Loaded>
    </Page>
  );
}

function CreateRelease({ space, named, project }: { space: string; named: string; project: Project | undefined }) {
  const place = { space, project: project?.Id, projectGroup: project?.ProjectGroupId };
  return (
    <Permitted
      need={{ permission: "ReleaseCreate", ...place }}
      barred={project?.IsDisabled ? "This project is disabled: no release is created." : null}
    >
      {(may) =>
        may ? (
          <ButtonLink to="/app/$space/projects/$project/new-release" params={{ space, project: named }}>
            Create a release
          </ButtonLink>
        ) : (
          <Button disabled>Create a release</Button>
        )
      }
    </Permitted>
  );
}

export { useProject } from "@/lib/use-project";
