import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { projectQuery } from "@/api/reference";
import { ButtonLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { StateBadge } from "@/components/state";
import classes from "./project-frame.module.css";

const TABS = [
  { to: "/app/$space/projects/$project", word: "Overview", exact: true },
  { to: "/app/$space/projects/$project/releases", word: "Releases", exact: false },
  { to: "/app/$space/projects/$project/process", word: "Process", exact: false },
  { to: "/app/$space/projects/$project/variables", word: "Variables", exact: false },
  { to: "/app/$space/projects/$project/channels", word: "Channels", exact: false },
  { to: "/app/$space/projects/$project/runbooks", word: "Runbooks", exact: false },
] as const;

/** What all screens of a project share: its name, its tabs, the button for a new release. */
export function ProjectFrame() {
  const { space, project: named } = useParams({ from: "/shell/app/$space/projects/$project" });
  const project = useQuery(projectQuery(space, named));
  return (
    <Page
      title={project.data?.Name ?? named}
      crumbs={[{ text: "Projects", to: `/app/${space}/projects` }]}
      aside={project.data?.IsDisabled && <StateBadge of="cancelled" word="Disabled" />}
      description={project.data?.Description}
      actions={
        <ButtonLink to="/app/$space/projects/$project/new-release" params={{ space, project: named }}>
          Create a release
        </ButtonLink>
      }
      tabs={
        <nav className={classes.tabs} aria-label="Project">
          {TABS.map((tab) => (
            <Link
              key={tab.word}
              to={tab.to}
              params={{ space, project: named }}
              activeOptions={{ exact: tab.exact }}
              className={classes.tab}
            >
              {tab.word}
            </Link>
          ))}
        </nav>
      }
    >
      <Loaded query={project} what="The project">
        {() => <Outlet />}
      </Loaded>
    </Page>
  );
}

export { useProject } from "@/lib/use-project";
