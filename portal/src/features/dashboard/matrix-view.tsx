import { Text, Title } from "@mantine/core";
import { DeploymentCell } from "@/components/deployment-cell";
import { TextLink } from "@/components/links";
import { columns } from "@/components/matrix";
import classes from "@/components/matrix.module.css";
import type { Group, Row } from "./matrix";

/** One project group: projects down, environments across; on a phone, one card a project. */
export function Matrix({ space, group }: { space: string; group: Group }) {
  return (
    <section aria-label={group.name}>
      <Title order={2} mb={8}>
        {group.name}
      </Title>
      <div className={classes.box}>
        <table className={classes.matrix} style={columns(group.environments.length)}>
          <thead>
            <tr>
              <th scope="col">Project</th>
              {group.environments.map((environment) => (
                <th key={environment.Id} scope="col">
                  {environment.Name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {group.rows.map((row) => (
              <ProjectRow key={row.project.Id} space={space} row={row} group={group} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ProjectRow({ space, row, group }: { space: string; row: Row; group: Group }) {
  const goesTo = new Set(row.project.EnvironmentIds);
  return (
    <tr>
      <th scope="row">
        <TextLink to="/app/$space/projects/$project" params={{ space, project: row.project.Slug }} c="inherit" fw={600}>
          {row.project.Name}
        </TextLink>
      </th>
      {group.environments.map((environment) => {
        const item = row.cells.get(environment.Id);
        return (
          <td
            key={environment.Id}
            data-environment={environment.Name}
            data-outside={!goesTo.has(environment.Id) || undefined}
          >
            {item ? (
              <DeploymentCell space={space} item={item} version />
            ) : (
              <Nothing outside={!goesTo.has(environment.Id)} />
            )}
          </td>
        );
      })}
    </tr>
  );
}

function Nothing({ outside }: { outside: boolean }) {
  return (
    <Text size="sm" c="dimmed" className={classes.nothing}>
      {outside ? "" : "–"}
    </Text>
  );
}
