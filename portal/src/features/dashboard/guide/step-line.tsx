import { Text, Title } from "@mantine/core";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import { ButtonLink } from "@/components/links";
import classes from "./guide.module.css";
import type { GuideStep, Progress, StepName } from "./steps";

const WORDS: Record<StepName, { title: string; why: string }> = {
  environment: {
    title: "Add an environment",
    why: "A place that releases go to, such as Development or Production. Releases move through them in their order.",
  },
  target: {
    title: "Connect a deployment target",
    why: "A machine or a service that you deploy to. A script can run on the server itself, so this may wait.",
  },
  project: {
    title: "Add a project",
    why: "What you deploy: an application or a service. It has a process, variables and releases.",
  },
  process: {
    title: "Write its process",
    why: "The steps that each deployment runs, such as a script or the deployment of a package.",
  },
  release: {
    title: "Create a release",
    why: "A version of the process, the variables and the packages together. It stays as it is wherever it goes.",
  },
  deployment: {
    title: "Deploy it",
    why: "Send the release to the first environment and read along in the log. When it works, promote it to the next.",
  },
};

interface Props {
  space: string;
  number: number;
  step: GuideStep;
  progress: Progress;
}

export function StepLine({ space, number, step, progress }: Props) {
  const { title, why } = WORDS[step.name];
  return (
    <li className={classes.step} data-done={step.isDone || undefined} aria-current={step.isNext ? "step" : undefined}>
      {step.isDone ? (
        <IconCircleCheckFilled size={26} className={classes.check} role="img" aria-label="Done" />
      ) : (
        <span className={classes.number} aria-hidden>
          {number}
        </span>
      )}
      <div className={classes.words}>
        <Title order={3}>
          {title}
          {step.isOptional && !step.isDone && (
            <Text component="span" size="sm" c="dimmed" fw={400}>
              {" "}
              · can wait
            </Text>
          )}
        </Title>
        <Text size="sm" c="dimmed">
          {why}
        </Text>
      </div>
      <Way space={space} step={step} progress={progress} />
    </li>
  );
}

/** The button that leads to where the step is done. A step whose ground is missing has none yet. */
function Way({ space, step, progress }: Omit<Props, "number">) {
  const { project, version } = progress;
  const look = {
    variant: step.isNext ? "filled" : step.isDone ? "subtle" : "default",
    className: classes.way,
  } as const;
  const word = step.isDone ? "Look at it" : WORDS[step.name].title;
  switch (step.name) {
    case "environment":
      return (
        <ButtonLink {...look} to="/app/$space/infrastructure/environments" params={{ space }}>
          {word}
        </ButtonLink>
      );
    case "target":
      return (
        <ButtonLink {...look} to="/app/$space/infrastructure/targets" params={{ space }}>
          {step.isDone ? word : "Connect a target"}
        </ButtonLink>
      );
    case "project":
      return (
        <ButtonLink {...look} to="/app/$space/projects" params={{ space }}>
          {word}
        </ButtonLink>
      );
    case "process":
      return project ? (
        <ButtonLink {...look} to="/app/$space/projects/$project/process" params={{ space, project }}>
          {step.isDone ? word : "Write the process"}
        </ButtonLink>
      ) : null;
    case "release":
      return project && progress.hasProcess ? (
        <ButtonLink
          {...look}
          to={step.isDone ? "/app/$space/projects/$project/releases" : "/app/$space/projects/$project/new-release"}
          params={{ space, project }}
        >
          {word}
        </ButtonLink>
      ) : null;
    case "deployment":
      return <DeploymentWay space={space} look={look} project={project} version={version} progress={progress} />;
  }
}

interface DeploymentProps {
  space: string;
  look: { variant: "filled" | "subtle" | "default"; className: string | undefined };
  project: string | null;
  version: string | null;
  progress: Progress;
}

function DeploymentWay({ space, look, project, version, progress }: DeploymentProps) {
  const deployment = progress.lastDeployment;
  if (deployment && progress.hasSucceeded) {
    return (
      <ButtonLink {...look} to="/app/$space/deployments/$deployment" params={{ space, deployment }}>
        Look at it
      </ButtonLink>
    );
  }
  if (!project || !version) return null;
  return (
    <ButtonLink {...look} to="/app/$space/projects/$project/releases/$version" params={{ space, project, version }}>
      Deploy {version}
    </ButtonLink>
  );
}
