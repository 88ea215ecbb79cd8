import { Group, Stack, Text } from "@mantine/core";
import { IconRocket } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import { type Project, useEnvironmentNames } from "@/api/reference";
import { useRights } from "@/api/rights";
import { ErrorNotice } from "@/components/error-notice";
import { TextLink } from "@/components/links";
import { ActionButton } from "@/components/permitted";
import { Prompts, valuesOf } from "@/components/prompts";
import type { DeploymentPreview, Release } from "../api";
import { freezesQuery } from "../place-facts";
import { formOfAll, type Outcome, useDeployAll, usePreviews } from "./api";
import classes from "./deploy-screen.module.css";
import { FreezePanel, freezesNamed, isAbout, type Override } from "./freeze-panel";
import { OptionsPanel } from "./options-panel";
import { PreviewSection, problemsOf } from "./preview-section";
import { keyOfPlace, type Options, type Place, type Promotion, packed, sentenceOf, USUAL } from "./wish";

interface Props {
  space: string;
  project: Project;
  release: Release;
  places: readonly Place[];
  tenants: readonly Promotion[];
}

/** What will happen at the chosen places, and all that can be said about it before it does. */
export function DeployForm({ space, project, release, places: chosen, tenants }: Props) {
  // Where a part was refused, what was accepted is not asked for a second time.
  const [made, setMade] = useState<ReadonlySet<string>>(new Set());
  const places = made.size === 0 ? chosen : chosen.filter((one) => !made.has(keyOfPlace(one)));
  const environmentOf = useEnvironmentNames(space);
  const [entered, setEntered] = useState<Record<string, string>>({});
  const [skipped, setSkipped] = useState<readonly string[]>([]);
  const [options, setOptions] = useState<Options>(USUAL);
  const [override, setOverride] = useState<Override>({ isWanted: false, reason: "" });
  const rights = useRights();
  const previews = usePreviews(space, release.Id, places);
  const all = useQuery(freezesQuery(project.Id)).data ?? [];
  const deploying = useDeployAll(space);
  const navigate = useNavigate();
  const form = formOfAll(previews.found.values());
  const values = { ...valuesOf(form), ...entered };
  const freezes = freezesNamed(
    all,
    [...previews.found.values()].flatMap((one) => one.Problems),
  );
  const isPassed = override.isWanted || options.at !== null;
  const stands = (problem: string) => !(isPassed && freezes.some((freeze) => isAbout(problem, freeze)));
  const isRefused = problemsOf(places, previews.found, stands).size > 0;
  const nameOf = ({ environment, tenant }: Place) => {
    const whose = tenants.find((one) => one.Id === tenant)?.Name;
    return whose ? `${environmentOf(environment)} for ${whose}` : environmentOf(environment);
  };
  const done = (outcome: Outcome) => {
    const [only] = outcome.deployments;
    if (outcome.refusals.length > 0) {
      const refused = new Set(outcome.refusals.flatMap((one) => one.environments));
      setMade((old) => new Set([...old, ...places.filter((one) => !refused.has(one.environment)).map(keyOfPlace)]));
      return;
    }
    if (only === undefined) return;
    if (outcome.deployments.length === 1) {
      void navigate({ to: "/app/$space/deployments/$deployment", params: { space, deployment: only } });
      return;
    }
    void navigate({
      to: "/app/$space/projects/$project/releases/$version/deployed",
      params: { space, project: project.Slug, version: release.Version },
      search: { ids: packed(outcome.deployments) },
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isRefused || deploying.isPending) return;
    const asked = new Set(form.Elements.map((one) => one.Name));
    deploying.mutate(
      {
        release,
        places,
        skipped,
        values: Object.fromEntries(Object.entries(values).filter(([name]) => asked.has(name))),
        options,
        freezes: override.isWanted ? freezes.map((one) => one.Id) : [],
        reason: override.reason,
      },
      { onSuccess: done },
    );
  };
  const at = (place: Place | undefined) => ({
    space,
    project: project.Id,
    environment: place?.environment,
    tenant: place?.tenant ?? undefined,
  });
  const missed = places.find((one) => !rights.allows("DeploymentCreate", at(one))) ?? places[0];
  return (
    <form onSubmit={submit}>
      <Stack>
        {previews.error !== null && (
          <ErrorNotice error={previews.error} title="What will happen could not be read" onRetry={previews.retry} />
        )}
        <FreezePanel
          space={space}
          projectId={project.Id}
          freezes={freezes}
          isLater={options.at !== null}
          override={override}
          onOverride={setOverride}
        />
        <Prompts form={form} values={values} onValues={setEntered} />
        <PreviewSection
          places={places}
          previews={previews.found}
          nameOf={nameOf}
          skipped={skipped}
          onSkipped={setSkipped}
          stands={stands}
        />
        {places.length > 0 && (
          <OptionsPanel
            space={space}
            options={options}
            onOptions={(patch) => setOptions((old) => ({ ...old, ...patch }))}
            machines={machinesOf(previews.found.values())}
            isGuidedByDefault={[...previews.found.values()].some((one) => one.UseGuidedFailureModeByDefault)}
          />
        )}
        {deploying.data && (
          <Refusals
            outcome={deploying.data}
            nameOf={environmentOf}
            made={
              <TextLink
                to="/app/$space/projects/$project/releases/$version/deployed"
                params={{ space, project: project.Slug, version: release.Version }}
                search={{ ids: packed(deploying.data.deployments) }}
                underline="always"
              >
                See how they stand
              </TextLink>
            }
          />
        )}
        {deploying.isError && <ErrorNotice error={deploying.error} title="Nothing was deployed" />}
        <Group className={classes.foot}>
          <ActionButton
            type="submit"
            loading={deploying.isPending}
            need={{ permission: "DeploymentCreate", ...at(missed) }}
            barred={barredBy(places.length, previews.isRead, isRefused)}
            leftSection={<IconRocket size={17} />}
          >
            Deploy
          </ActionButton>
          <Text size="sm" className={classes.sentence} role="status">
            {sentenceOf(release.Version, places, options.at, environmentOf)}
            {skipped.length > 0 && ` ${skipped.length === 1 ? "One step is" : `${skipped.length} steps are`} skipped.`}
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

function barredBy(places: number, isRead: boolean, isRefused: boolean): string | null {
  if (places === 0) return "Choose where the release is to go.";
  if (!isRead) return "What will happen is being worked out.";
  return isRefused ? "It would be refused; the reasons stand above." : null;
}

/** All targets that a step of any preview is for, by name. */
function machinesOf(previews: Iterable<DeploymentPreview>): { Id: string; Name: string }[] {
  const found = new Map<string, { Id: string; Name: string }>();
  for (const preview of previews) {
    for (const one of preview.StepsToExecute.flatMap((step) => [...step.Machines, ...step.UnavailableMachines])) {
      found.set(one.Id, { Id: one.Id, Name: one.Name });
    }
  }
  return [...found.values()].sort((one, other) => one.Name.localeCompare(other.Name));
}

interface RefusalsProps {
  outcome: Outcome;
  nameOf: (id: string) => string;
  /** The way to what was accepted. */
  made: ReactNode;
}

/** What was refused while other parts were accepted: all of an environment, or nothing of it. */
function Refusals({ outcome, nameOf, made }: RefusalsProps) {
  return (
    <>
      {outcome.refusals.map(({ environments, error }) => (
        <ErrorNotice
          key={environments.join()}
          error={error}
          title={`Nothing was deployed to ${environments.map(nameOf).join(", ")}`}
        />
      ))}
      {outcome.refusals.length > 0 && outcome.deployments.length > 0 && (
        <Text size="sm" role="status">
          {outcome.deployments.length === 1
            ? "One other deployment has been made, and is not asked for again."
            : `${outcome.deployments.length} other deployments have been made, and are not asked for again.`}{" "}
          {made}
        </Text>
      )}
    </>
  );
}
