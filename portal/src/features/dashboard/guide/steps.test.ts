import { expect, test } from "vitest";
import { type Progress, stepsOf } from "./steps";

const NOTHING: Progress = {
  hasEnvironment: false,
  hasTarget: false,
  project: null,
  hasProcess: false,
  version: null,
  lastDeployment: null,
  hasSucceeded: false,
};

test.each<[string, Partial<Progress>, string | undefined]>([
  ["nothing", {}, "environment"],
  ["an environment; a target can wait", { hasEnvironment: true }, "project"],
  ["a project before its environment", { project: "web" }, "environment"],
  ["a project", { hasEnvironment: true, hasTarget: true, project: "web" }, "process"],
  ["a process", { hasEnvironment: true, project: "web", hasProcess: true }, "release"],
  ["a release", { hasEnvironment: true, project: "web", hasProcess: true, version: "1.0.0" }, "deployment"],
  [
    "a deployed release",
    { hasEnvironment: true, project: "web", hasProcess: true, version: "1.0.0", hasSucceeded: true },
    undefined,
  ],
])("with %s the next step is this one", (_what, patch, expected) => {
  expect(stepsOf({ ...NOTHING, ...patch }).find((step) => step.isNext)?.name).toBe(expected);
});
