import type { Project } from "@/api/reference";
import type { Need } from "@/components/permitted";
import type { Process } from "./model/document";

/** Whose process is edited, and how it is saved: all that differs between deployments and runbooks. */
export interface Subject<P extends Process> {
  space: string;
  project: Project;
  isRunbook: boolean;
  /** The branch that is shown; null for a project that is kept in the database. */
  branch: string | null;
  /** Names the draft in the tab's storage. */
  draftId: string;
  need: Need;
  /** What the process is of: "this project", "this runbook". */
  owner: string;
  /** A name for a file that is downloaded. */
  fileName: string;
  saved: P;
  save: (process: P, message: string, branch: string | null) => Promise<P>;
  /** Reads again what is saved. */
  refetch: () => Promise<unknown>;
}
