import { Badge, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { LifecycleProgression, PhaseProgression } from "@/api/pending";
import { useEnvironmentNames } from "@/api/reference";
import { ButtonLink } from "@/components/links";
import { StateBadge, StateIcon } from "@/components/state";
import { Ago, Elapsed } from "@/components/time";
import { type Condition, conditionOfTask } from "@/lib/state";
import classes from "./phases.module.css";

interface Props {
  space: string;
  project: string;
  version: string;
  progression: LifecycleProgression;
}

const PROGRESS: Record<PhaseProgression["Progress"], { of: Condition; word: string }> = {
  Complete: { of: "success", word: "Complete" },
  Current: { of: "running", word: "Current" },
  Pending: { of: "pending", word: "Not reached" },
};

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
  const nameOf = useEnvironmentNames(props.space);
  const environments = environmentsOf(phase);
  const [only] = environments;
  // A phase that is one environment of the same name is that environment: nothing is said twice.
  const isOne = environments.length === 1 && only !== undefined && nameOf(only) === phase.Name;
  return (
    <li className={classes.phase}>
      <Group gap="xs" mb={isOne ? 0 : 6} className={classes.title}>
        {phase.Progress === "Current" ? (
          <span className={classes.current} aria-hidden />
        ) : (
          <StateIcon of={PROGRESS[phase.Progress].of} size={16} />
        )}
        <Text fw={600}>{phase.Name}</Text>
        <Text size="sm" c="dimmed">
          {phase.Blocked ? "Blocked" : PROGRESS[phase.Progress].word}
        </Text>
        {phase.IsOptionalPhase && <Badge color="gray">Optional</Badge>}
        {phase.MinimumEnvironmentsBeforePromotion > 0 && (
          <Text size="sm" c="dimmed">
            {phase.MinimumEnvironmentsBeforePromotion} must succeed
          </Text>
        )}
      </Group>
      {environments.map((environment) => (
        <EnvironmentRow key={environment} {...props} phase={phase} environment={environment} isNamed={!isOne} />
      ))}
    </li>
  );
}

function environmentsOf(phase: PhaseProgression): string[] {
  const deployed = phase.Deployments.map((one) => one.Deployment.EnvironmentId);
  return [...new Set([...phase.AutomaticDeploymentTargets, ...phase.OptionalDeploymentTargets, ...deployed])];
}

interface RowProps extends Props {
  phase: PhaseProgression;
  environment: string;
  isNamed: boolean;
}

function EnvironmentRow({ space, project, version, progression, phase, environment, isNamed }: RowProps) {
  const nameOf = useEnvironmentNames(space);
  const done = phase.Deployments.filter((one) => one.Deployment.EnvironmentId === environment).sort((a, b) =>
    (b.Deployment.Created ?? "").localeCompare(a.Deployment.Created ?? ""),
  );
  const latest = done[0];
  const isNext = progression.NextDeployments.includes(environment);
  const mayDeploy = isNext || (latest?.Task.IsCompleted ?? false);
  return (
    <div className={classes.row}>
      {isNamed && (
        <Text fw={500} className={classes.name}>
          {nameOf(environment)}
        </Text>
      )}
      <div className={classes.state}>
        {latest ? (
          <Link to="/app/$space/deployments/$deployment" params={{ space, deployment: latest.Deployment.Id }}>
            <StateBadge of={conditionOfTask(latest.Task)} />
          </Link>
        ) : (
          <Text size="sm" c="dimmed">
            {isNext ? "Next" : "Not yet"}
          </Text>
        )}
        {latest && (
          <Text size="sm" c="dimmed">
            {latest.Task.StartTime && <Ago at={latest.Task.StartTime} />} ·{" "}
            <Elapsed from={latest.Task.StartTime} to={latest.Task.CompletedTime} />
          </Text>
        )}
      </div>
      {mayDeploy && (
        <ButtonLink
          to="/app/$space/projects/$project/releases/$version/deploy"
          params={{ space, project, version }}
          search={{ environment }}
          size="compact-sm"
          variant={latest ? "default" : "light"}
          aria-label={`${latest ? "Deploy again" : "Deploy"} to ${nameOf(environment)}`}
        >
          {latest ? "Deploy again" : "Deploy"}
        </ButtonLink>
      )}
    </div>
  );
}
