import { Group } from "@mantine/core";
import { Link, Outlet } from "@tanstack/react-router";
import { BranchPicker } from "@/components/branch-picker";
import { useProject } from "@/lib/use-project";
import classes from "./variables-frame.module.css";

const PARTS = [
  { to: "/app/$space/projects/$project/variables", word: "Project variables", exact: true },
  { to: "/app/$space/projects/$project/variables/sets", word: "Library sets", exact: false },
  { to: "/app/$space/projects/$project/variables/templates", word: "Templates for tenants", exact: false },
  { to: "/app/$space/projects/$project/variables/all", word: "All", exact: false },
  { to: "/app/$space/projects/$project/variables/preview", word: "Preview", exact: false },
] as const;

/** What has to do with a project's variables. */
export function VariablesFrame() {
  const { space, project } = useProject();
  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <nav className={classes.parts} aria-label="Variables">
          {PARTS.map((part) => (
            <Link
              key={part.word}
              to={part.to}
              params={{ space, project: project.Slug || project.Id }}
              activeOptions={{ exact: part.exact, includeSearch: false }}
              className={classes.part}
            >
              {part.word}
            </Link>
          ))}
        </nav>
        <BranchPicker space={space} project={project} />
      </Group>
      <Outlet />
    </>
  );
}
