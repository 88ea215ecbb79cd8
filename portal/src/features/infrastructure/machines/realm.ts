import type { Shape } from "@/api/client";

/** Targets and workers are machines: they are listed, reached, checked and changed in the same way, below two paths. */

export type Target = Shape<"DeploymentTarget">;
export type Worker = Shape<"Worker">;
export type Machine = Target | Worker;

export interface Realm {
  kind: "machines" | "workers";
  one: string;
  many: string;
  view: string;
  create: string;
  edit: string;
  remove: string;
}

export const TARGETS: Realm = {
  kind: "machines",
  one: "target",
  many: "targets",
  view: "MachineView",
  create: "MachineCreate",
  edit: "MachineEdit",
  remove: "MachineDelete",
};

export const WORKERS: Realm = {
  kind: "workers",
  one: "worker",
  many: "workers",
  view: "WorkerView",
  create: "WorkerEdit",
  edit: "WorkerEdit",
  remove: "WorkerEdit",
};
