/** What is there already on the way from nothing to a deployed release. */
export interface Progress {
  hasEnvironment: boolean;
  hasTarget: boolean;
  /** The slug of the project to go on with. */
  project: string | null;
  hasProcess: boolean;
  /** The newest release's version. */
  version: string | null;
  lastDeployment: string | null;
  hasSucceeded: boolean;
}

export type StepName = "environment" | "target" | "project" | "process" | "release" | "deployment";

export interface GuideStep {
  name: StepName;
  isDone: boolean;
  /** The one to do now. */
  isNext: boolean;
  /** Can be left out. */
  isOptional: boolean;
}

/** The steps in their order; the first that is neither done nor optional is the next one. */
export function stepsOf(progress: Progress): GuideStep[] {
  const done: [StepName, boolean, boolean?][] = [
    ["environment", progress.hasEnvironment],
    ["target", progress.hasTarget, true],
    ["project", progress.project !== null],
    ["process", progress.hasProcess],
    ["release", progress.version !== null],
    ["deployment", progress.hasSucceeded],
  ];
  const next = done.find(([, isDone, isOptional]) => !isDone && !isOptional)?.[0];
  return done.map(([name, isDone, isOptional = false]) => ({ name, isDone, isOptional, isNext: name === next }));
}
