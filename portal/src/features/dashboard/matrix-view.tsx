import { Text, Title, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { DeploymentCell } from "@/components/deployment-cell";
import { TextLink } from "@/components/links";
import { columns } from "@/components/matrix";
import classes from "@/components/matrix.module.css";
import { StateBadge } from "@/components/state";
import type { Cell, Row } from "./api";
import own from "./dashboard.module.css";
import type { Group } from "./groups";

interface Props {
  space: string;
  group: Group;
  isFolded: boolean;
  onFold: () => void;
}

/** One project group: projects down, environments across; on a phone, one card a project. */
export function Matrix({ space, group, isFolded, onFold }: Props) {
  return (
    <section aria-label={group.name}>
      <Title order={2} mb={isFolded ? 0 : 8}>
        <UnstyledButton className={own.fold} aria-expanded={!isFolded} onClick={onFold} fz="inherit" fw="inherit">
          <IconChevronRight size={16} aria-hidden />
          {group.name}
          {isFolded && (
            <Text component="span" size="sm" c="dimmed" className="numbers">
              {group.rows.length === 1 ? "1 project" : `${group.rows.length} projects`}
            </Text>
          )}
        </UnstyledButton>
      </Title>
      {!isFolded && (
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
                <ProjectRow key={row.Project.Id} space={space} row={row} group={group} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function ProjectRow({ space, row: { Project: project, Cells }, group }: { space: string; row: Row; group: Group }) {
  const goesTo = new Set(project.EnvironmentIds);
  return (
    <tr>
      <th scope="row">
        <span className={own.project}>
          <TextLink
            to="/app/$space/projects/$project"
            params={{ space, project: project.Slug }}
            c={project.IsDisabled ? "dimmed" : "inherit"}
            fw={600}
          >
            {project.Name}
          </TextLink>
          {project.IsDisabled && <StateBadge of="cancelled" word="Disabled" />}
        </span>
      </th>
      {group.environments.map((environment) => {
        const cell = Cells.find((one) => one.EnvironmentId === environment.Id);
        const isOutside = !cell && !goesTo.has(environment.Id);
        return (
          <td key={environment.Id} data-environment={environment.Name} data-outside={isOutside || undefined}>
            {cell ? <Deployed space={space} project={project.Slug} cell={cell} /> : <Nothing outside={isOutside} />}
          </td>
        );
      })}
    </tr>
  );
}

function Deployed({ space, project, cell }: { space: string; project: string; cell: Cell }) {
  return (
    <div>
      <DeploymentCell space={space} item={cell.Item} version />
      {cell.ConnectedTenants > 0 && <TenantCount space={space} project={project} cell={cell} />}
    </div>
  );
}

/** How many of the tenants run the release above, and what is the matter with the others. */
function TenantCount({ space, project, cell }: { space: string; project: string; cell: Cell }) {
  const { ConnectedTenants: all, CurrentTenants: current, FailedTenants: failed, ActiveTenants: active } = cell;
  return (
    <div className={own.tenants}>
      <TextLink
        to="/app/$space/projects/$project/tenants"
        params={{ space, project }}
        fz="inherit"
        className="numbers"
        title={`${current} of ${all} tenants run ${cell.Item.ReleaseVersion}`}
      >
        {current} of {all} {all === 1 ? "tenant" : "tenants"}
      </TextLink>
      {failed > 0 && <span className={own.failed}>{failed} failed</span>}
      {active > 0 && <span className={own.running}>{active} at work</span>}
    </div>
  );
}

function Nothing({ outside }: { outside: boolean }) {
  return (
    <Text size="sm" c="dimmed" className={classes.nothing}>
      {outside ? "" : "–"}
    </Text>
  );
}
