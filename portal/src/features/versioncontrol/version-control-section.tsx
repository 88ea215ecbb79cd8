import { isInGit } from "@/api/branches";
import { useProject } from "@/lib/use-project";
import { ConvertPanel } from "./convert-panel";
import { RepositoryPanel } from "./repository-panel";
import classes from "./version-control.module.css";

/** A section of a project's settings: whether its process, variables and runbooks are in Git, and where. */
export function VersionControlSection() {
  const { space, project } = useProject();
  return (
    <div className={classes.stack}>
      {isInGit(project) && project.PersistenceSettings ? (
        <RepositoryPanel space={space} project={project} settings={project.PersistenceSettings} />
      ) : (
        <ConvertPanel space={space} project={project} />
      )}
    </div>
  );
}
