import { Badge, Group, Text } from "@mantine/core";
import { IconSnowflake } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import type { Project } from "@/api/reference";
import { ButtonLink } from "@/components/links";
import { Permitted } from "@/components/permitted";
import { StateBadge, StateIcon } from "@/components/state";
import { Ago, Elapsed } from "@/components/time";
import { type Condition, conditionOfTask } from "@/lib/state";
import { exactTime } from "@/lib/time";
import type { Deployment, LifecycleProgression, PhaseProgression } from "./api";
import classes from "./phases.module.css";
import { type Automatic, endOf, type Freeze, freezesIn } from "./place-facts";
import { whyClosed } from "./why-closed";

interface Props {
  space: string;
  project: Project;
  version: string;
  progression: LifecycleProgression;
  freezes: readonly Freeze[];
  automatic: readonly Automatic[];
}

const PROGRESS: Record<string, { of: Condition; word: string }> = {
  Complete: { of: "success", word: "Complete" },
  Current: { of: "running", word: "Current" },
  Pending: { of: "pending", word: "Not reached" },
};

/** How far a phase has come, and what it still needs. */
function progressOf(phase: PhaseProgression): { of: Condition; word: string } {
  if (phase.Blocked) return { of: "failed", word: "Blocked" };
  const known = PROGRESS[phase.Progress] ?? { of: "pending", word: phase.Progress };
  if (phase.Progress === "Current" && phase.Missing > 0) {
    return { ...known, word: phase.Missing === 1 ? "One success needed" : `${phase.Missing} successes needed` };
  }
  return known;
}

/** The lifecycle from top to bottom, with what has been deployed where. */
export function Phases(props: Props) {
  return (
    <ol className={classes.phases}>
      {props.progression.Phases.map((phase) => (
        <PhaseItem key={phase.Id ?? phase.Name} {...props} phase={phase} />
      ))}
    </ol>
  );
}

function PhaseItem({ phase, ...props }: Props & { phase: PhaseProgression }) {
  // A phase that is one environment of the same name is that environment: nothing is said twice.
  const isOne = phase.Environments.length === 1 && phase.Environments[0]?.Name === phase.Name;
  const progress = progressOf(phase);
  return (
    <li className={classes.phase}>
      <Group gap="xs" mb={isOne ? 0 : 6}>
        {phase.Progress === "Current" && !phase.Blocked ? (
          <span className={classes.current} aria-hidden />
        ) : (
          <StateIcon of={progress.of} size={16} />
        )}
        <Text fw={600}>{phase.Name}</Text>
        <Text size="sm" c="dimmed">
          {progress.word}
        </Text>
        {phase.IsOptionalPhase && <Badge color="gray">Optional</Badge>}
      </Group>
      {phase.Environments.map((environment) => (
        <EnvironmentRow key={environment.Id} {...props} phase={phase} environment={environment} isNamed={!isOne} />
      ))}
    </li>
  );
}

interface RowProps extends Props {
  phase: PhaseProgression;
  environment: { Id: string; Name: string };
  isNamed: boolean;
}

function EnvironmentRow({ phase, environment, isNamed, ...props }: RowProps) {
  const { space, project, version, progression, freezes, automatic } = props;
  const latest = latestIn(phase, environment.Id);
  const isNext = progression.NextDeployments.includes(environment.Id);
  const isTenantsOnly = project.TenantedDeploymentMode === "Tenanted";
  const told = automatic.find((one) => one.EnvironmentId === environment.Id && one.TenantId === null);
  return (
    <div className={classes.row}>
      {isNamed && (
        <Text fw={500} className={classes.name}>
          {environment.Name}
        </Text>
      )}
      <div className={classes.state}>
        {latest?.Task ? (
          <LatestDeployment space={space} deployment={latest.Deployment} task={latest.Task} />
        ) : (
          <Text size="sm" c="dimmed">
            {isNext ? "Next" : (whyClosed(progression.Phases, phase) ?? "Not yet")}
          </Text>
        )}
        {freezesIn(freezes, project.Id, environment.Id).map((freeze) => (
          <Frozen key={freeze.Id} freeze={freeze} />
        ))}
        {told && told.Outlook !== "Deployed" && told.Outlook !== "Never" && (
          <Text size="sm" c="dimmed">
            {told.Reason}
          </Text>
        )}
      </div>
      {phase.IsOpen && !isTenantsOnly && (!latest || latest.Task?.IsCompleted) && (
        <Permitted need={{ permission: "DeploymentCreate", space, project: project.Id, environment: environment.Id }}>
          {(isAllowed) => (
            <ButtonLink
              to="/app/$space/projects/$project/releases/$version/deploy"
              params={{ space, project: project.Slug, version }}
              search={{ environment: environment.Id }}
              size="compact-sm"
              variant={isNext ? "light" : "default"}
              disabled={!isAllowed}
              aria-label={`${latest ? "Deploy again" : "Deploy"} to ${environment.Name}`}
            >
              {latest ? "Deploy again" : "Deploy"}
            </ButtonLink>
          )}
        </Permitted>
      )}
    </div>
  );
}

function Frozen({ freeze }: { freeze: Freeze }) {
  const end = endOf(freeze);
  return (
    <Group gap={5} wrap="nowrap" className={classes.frozen}>
      <IconSnowflake size={14} aria-hidden />
      <Text size="sm" component="span">
        Frozen by {freeze.Name}
        {end && `, until ${exactTime(end)}`}
      </Text>
    </Group>
  );
}

function latestIn(phase: PhaseProgression, environment: string) {
  return phase.Deployments.filter((one) => one.Deployment.EnvironmentId === environment).sort((a, b) =>
    (b.Deployment.Created ?? "").localeCompare(a.Deployment.Created ?? ""),
  )[0];
}

function LatestDeployment({ space, deployment, task }: LatestProps) {
  const at = task.StartTime ?? task.QueueTime;
  return (
    <>
      <Link to="/app/$space/deployments/$deployment" params={{ space, deployment: deployment.Id }}>
        <StateBadge of={conditionOfTask(task)} />
      </Link>
      <Text size="sm" c="dimmed">
        {at && <Ago at={at} />}
        {task.StartTime && (
          <>
            {" · "}
            <Elapsed from={task.StartTime} to={task.CompletedTime} />
          </>
        )}
        {deployment.DeployedBy && ` · ${deployment.DeployedBy}`}
      </Text>
    </>
  );
}

interface LatestProps {
  space: string;
  deployment: Deployment;
  task: Shape<"Task">;
}
