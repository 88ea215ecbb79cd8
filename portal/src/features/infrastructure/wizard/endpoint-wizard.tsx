import { Button, Grid, Group, Stack } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Confirm } from "@/components/confirm";
import { FormFaults } from "@/components/form";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { type Fields, partOf, useForm } from "@/lib/use-form";
import { useLeaveGuard } from "@/lib/use-leave-guard";
import { EndpointFields } from "../endpoints/endpoint-fields";
import { type Endpoint, newEndpoint } from "../endpoints/starts";
import { kindOf, type Style } from "../kinds";
import { useCreateMachine } from "../machines/api";
import { IdentityFields, PlaceFields, PolicyField, TargetTenants } from "../machines/machine-fields";
import type { Machine, Realm, Target } from "../machines/realm";
import { newMachine } from "./start";

interface Props {
  realm: Realm;
  space: string;
  style: Style;
  /** What is known of it already, such as from asking its address. */
  endpoint?: Endpoint;
  name?: string;
}

/** A new machine by its form. When it is saved, its screen shows how its first health check goes. */
export function EndpointWizard({ realm, space, style, endpoint, name = "" }: Props) {
  const creating = useCreateMachine<Machine>(realm, space);
  const form = useForm<Machine>(newMachine(realm, endpoint ?? newEndpoint(style), name), creating.error);
  const [isDone, setDone] = useState(false);
  const leaving = useLeaveGuard(form.isChanged && !creating.isPending && !isDone);
  const navigate = useNavigate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    creating.mutate(form.value, {
      onSuccess: (made) => {
        setDone(true);
        // The guard is gone only once this screen has been drawn again.
        setTimeout(() => void navigate(screenOf(realm, space, made.Id)));
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={1100}>
        <FormFaults form={form} title={`The ${realm.one} was not added`} />
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Panel title={realm.kind === "machines" ? "The target" : "The worker"}>
              <Stack>
                <PlaceFieldsWithName realm={realm} space={space} form={form} />
              </Stack>
            </Panel>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Panel title={kindOf({ CommunicationStyle: style })}>
              <EndpointFields
                realm={realm}
                space={space}
                form={partOf(form as Fields<Target>, "Endpoint") as Fields<Endpoint>}
              />
            </Panel>
          </Grid.Col>
        </Grid>
        <Group gap="xs">
          <ActionButton type="submit" loading={creating.isPending} need={{ permission: realm.create, space }}>
            Add the {realm.one}
          </ActionButton>
          <Button variant="default" onClick={() => window.history.back()}>
            Back
          </Button>
        </Group>
      </Stack>
      <Confirm
        opened={leaving.isHeld}
        title="Leave without adding it?"
        action="Leave"
        danger
        onConfirm={leaving.leave}
        onClose={leaving.stay}
      >
        What you entered is not saved.
      </Confirm>
    </form>
  );
}

export function PlaceFieldsWithName({ realm, space, form }: { realm: Realm; space: string; form: Fields<Machine> }) {
  return (
    <>
      <IdentityFields form={form as Fields<Target>} />
      <PlaceFields realm={realm} space={space} form={form} />
      <PolicyField space={space} form={form as Fields<Target>} />
      {realm.kind === "machines" && <TargetTenants space={space} form={form as Fields<Target>} />}
    </>
  );
}

export function screenOf(realm: Realm, space: string, id: string) {
  return realm.kind === "machines"
    ? ({ to: "/app/$space/infrastructure/targets/$target", params: { space, target: id } } as const)
    : ({ to: "/app/$space/infrastructure/workers/$worker", params: { space, worker: id } } as const);
}
