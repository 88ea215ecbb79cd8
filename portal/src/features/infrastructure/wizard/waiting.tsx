import { Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { ButtonLink } from "@/components/links";
import { Notice } from "@/components/notice";
import { StateIcon } from "@/components/state";
import type { Condition } from "@/lib/state";
import { HEALTHS } from "../kinds";
import { awaitedQuery } from "../machines/api";
import type { Machine, Realm } from "../machines/realm";
import { screenOf } from "./endpoint-wizard";
import classes from "./wizard.module.css";

/** Looks out for a machine of the name: until it registers, and then until its first health check has ended. */
export function Waiting({ realm, space, name }: { realm: Realm; space: string; name: string }) {
  const awaited = useQuery(awaitedQuery(realm, space, name));
  const first = useRef<Machine | null | undefined>(undefined);
  if (first.current === undefined && awaited.data !== undefined) first.current = awaited.data;
  const machine = awaited.data ?? null;
  if (first.current)
    return (
      <Notice tone="waiting" icon={IconAlertTriangle} title={`There is a ${realm.one} named ${name} already`}>
        <Text size="sm">Choose another name; or write --force into the command, and the machine takes its place.</Text>
      </Notice>
    );
  const isChecked = machine !== null && machine.HealthStatus !== "Unknown";
  return (
    <>
      <ol className={classes.steps} aria-live="polite">
        <Step of={machine ? "success" : "running"}>
          {machine ? `The agent has registered as ${machine.Name}.` : "Waiting for the agent to register…"}
        </Step>
        <Step of={isChecked ? HEALTHS[machine.HealthStatus].of : machine ? "running" : "pending"}>
          {healthWords(machine, isChecked)}
        </Step>
      </ol>
      {machine && (
        <ButtonLink {...screenOf(realm, space, machine.Id)} mt="md" variant={isChecked ? "filled" : "default"}>
          Show the {realm.one}
        </ButtonLink>
      )}
    </>
  );
}

function healthWords(machine: Machine | null, isChecked: boolean): string {
  if (!machine) return "Then its health is checked.";
  if (!isChecked) return "Waiting for its first health check. Is the agent running?";
  return `${HEALTHS[machine.HealthStatus].word}: ${machine.StatusSummary}`;
}

function Step({ of, children }: { of: Condition; children: string }) {
  return (
    <li className={classes.step} data-later={of === "pending" || undefined}>
      <StateIcon of={of} size={18} />
      <span>{children}</span>
    </li>
  );
}
