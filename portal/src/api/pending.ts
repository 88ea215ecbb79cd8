import { answer, type Shape, writeHeaders } from "./client";
import { errorFrom } from "./errors";

/** Shapes and calls of routes that the OpenAPI document does not describe yet. */

export interface DashboardItem {
  Id: string;
  ProjectId: string;
  EnvironmentId: string;
  DeploymentId: string;
  TaskId: string;
  ReleaseId: string;
  ReleaseVersion: string;
  ChannelId: string;
  Created: string | null;
  QueueTime: string | null;
  StartTime: string | null;
  CompletedTime: string | null;
  State: string;
  HasPendingInterruptions: boolean;
  HasWarningsOrErrors: boolean;
  ErrorMessage: string | null;
  Duration: string;
  IsCompleted: boolean;
  IsCurrent: boolean;
  IsPrevious: boolean;
}

interface Named {
  Id: string;
  Name: string;
}

export interface Dashboard {
  Projects: (Named & { Slug: string; ProjectGroupId: string; EnvironmentIds: string[]; IsDisabled: boolean })[];
  ProjectGroups: (Named & { EnvironmentIds: string[] })[];
  Environments: Named[];
  Items: DashboardItem[];
}

export interface ReleaseProgression {
  Release: Shape<"Release">;
  Channel: Named & { IsDefault: boolean };
  Deployments: Record<string, DashboardItem[]>;
  NextDeployments: string[];
  HasUnresolvedDefect: boolean;
}

export interface Progression {
  Environments: Named[];
  ChannelEnvironments: Record<string, Named[]>;
  Releases: ReleaseProgression[];
}

export interface Deployment {
  Id: string;
  Name: string;
  ProjectId: string;
  ReleaseId: string;
  EnvironmentId: string;
  ChannelId: string;
  TaskId: string;
  Created: string | null;
  DeployedBy: string;
  Comments: string;
}

export interface PhaseProgression {
  Id: string;
  Name: string;
  Progress: "Pending" | "Current" | "Complete";
  Blocked: boolean;
  IsOptionalPhase: boolean;
  MinimumEnvironmentsBeforePromotion: number;
  AutomaticDeploymentTargets: string[];
  OptionalDeploymentTargets: string[];
  Deployments: { Deployment: Deployment; Task: Shape<"Task"> }[];
}

export interface LifecycleProgression {
  Phases: PhaseProgression[];
  NextDeployments: string[];
}

export interface DeploymentTemplate {
  PromoteTo: Named[];
  IsDeploymentProcessModified: boolean;
  IsVariableSetModified: boolean;
}

export interface PreviewStep {
  ActionId: string;
  ActionName: string;
  ActionNumber: string;
  CanBeSkipped: boolean;
  IsDisabled: boolean;
  HasNoApplicableMachines: boolean;
  MachineNames: string[];
  Roles: string[];
  ExcludedMachines: Named[];
  UnavailableMachines: Named[];
}

export interface DeploymentPreview {
  StepsToExecute: PreviewStep[];
  Form: Shape<"Form"> | null;
}

export interface NewDeployment {
  ReleaseId: string;
  EnvironmentId: string;
  FormValues: Record<string, string>;
  SkipActions: string[];
  Comments: string;
}

async function asked(
  address: string,
  init?: RequestInit,
): Promise<{ data: unknown; error: unknown; response: Response }> {
  const response = await fetch(address, init);
  const content = await response.json().catch(() => null);
  return { data: content, error: content, response };
}

export function getPending<T>(address: string): Promise<T> {
  return answer(asked(address)) as Promise<T>;
}

export async function postPending<T>(address: string, given: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json", ...(await writeHeaders()) };
  const { data, response } = await asked(address, { method: "POST", headers, body: JSON.stringify(given) });
  if (!response.ok) throw errorFrom(response.status, data);
  return data as T;
}
