import { queryOptions, useQuery } from "@tanstack/react-query";
import classes from "./project-logo.module.css";

/** Grows when a logo was replaced in this window, so that its pictures are read anew. */
export const logoStampQuery = (project: string) =>
  queryOptions({ queryKey: ["logo", project], queryFn: () => 0, staleTime: Number.POSITIVE_INFINITY });

interface Props {
  space: string;
  project: string;
  size?: number;
}

/** The project's logo; the server draws one from the name where none was uploaded. Beside the name, which says it all. */
export function ProjectLogo({ space, project, size = 34 }: Props) {
  const { data: stamp = 0 } = useQuery(logoStampQuery(project));
  const address = `/api/${space}/projects/${project}/logo${stamp ? `?cb=${stamp}` : ""}`;
  return <img className={classes.logo} src={address} alt="" width={size} height={size} loading="lazy" />;
}
