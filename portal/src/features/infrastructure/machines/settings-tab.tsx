import { Grid, Stack } from "@mantine/core";
import { FormFaults, SaveBar } from "@/components/form";
import { Panel } from "@/components/page";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { type Fields, partOf } from "@/lib/use-form";
import { EndpointFields } from "../endpoints/endpoint-fields";
import type { Endpoint } from "../endpoints/starts";
import { kindOf } from "../kinds";
import { isTarget, useSaveMachine } from "./api";
import { IdentityFields, PlaceFields, PolicyField, TargetTenants } from "./machine-fields";
import type { Machine, Realm, Target } from "./realm";

/** The machine as its form. What the fields do not show is sent back as it came. */
export function SettingsTab({ realm, space, machine }: { realm: Realm; space: string; machine: Machine }) {
  const saving = useSaveMachine<Machine>(realm, space);
  const [form, draft] = useDraftForm<Machine>(`machine-${machine.Id}`, settingsOf(machine), saving.error);
  const save = () =>
    saving.mutate(
      { ...machine, ...form.value },
      {
        onSuccess: (answered) => {
          draft.accept(settingsOf(answered));
          notifyDone(`The ${realm.one} is saved.`);
        },
      },
    );
  const endpoint = partOf(form as Fields<Target>, "Endpoint") as Fields<Endpoint>;
  return (
    <>
      <Stack>
        <FormFaults form={form} title={`The ${realm.one} was not saved`} />
        <TheirsNotice draft={draft} what={`This ${realm.one}`} />
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Stack>
              <Panel title="Settings">
                <Stack>
                  <IdentityFields form={form as Fields<Target>} slug />
                  <PlaceFields realm={realm} space={space} form={form} />
                  <PolicyField space={space} form={form as Fields<Target>} />
                </Stack>
              </Panel>
              {isTarget(machine) && (
                <Panel title="Tenants">
                  <TargetTenants space={space} form={form as Fields<Target>} />
                </Panel>
              )}
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Panel title={kindOf(machine.Endpoint)}>
              <EndpointFields realm={realm} space={space} form={endpoint} />
            </Panel>
          </Grid.Col>
        </Grid>
      </Stack>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: realm.edit, space }}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          saving.reset();
        }}
      />
    </>
  );
}

const FOUND = [
  "HealthStatus",
  "Status",
  "StatusSummary",
  "HasLatestCalamari",
  "IsInProcess",
  "IsDisabled",
  "OperatingSystem",
  "OperatingSystemVersion",
  "Architecture",
  "ShellName",
  "ShellVersion",
  "LastModifiedOn",
  "LastModifiedBy",
  "Links",
] as const;

/** Without what checks find and buttons change, so that a check meanwhile is no change by somebody else. */
export function settingsOf<M extends Machine>(machine: M): M {
  const kept: Record<string, unknown> = { ...machine };
  for (const name of FOUND) delete kept[name];
  const { TentacleVersionDetails: _, ...endpoint } = machine.Endpoint;
  return { ...kept, Endpoint: endpoint } as M;
}
