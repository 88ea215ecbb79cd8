import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { ErrorNotice } from "@/components/error-notice";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { ActionButton, useMay } from "@/components/permitted";
import { RetentionField } from "@/components/retention-field";
import { faultsOf } from "@/lib/faults";
import { notifyDone } from "@/lib/notify";
import type { Kept } from "@/lib/retention";
import { isSame } from "@/lib/same";
import { useLeaveGuard } from "@/lib/use-leave-guard";
import { type RetentionType, type SpaceDefault, spaceDefaultQuery, useSaveSpaceDefault } from "./api";

const OF: { type: RetentionType; title: string; about: string; items: string }[] = [
  {
    type: "LifecycleRelease",
    title: "Releases",
    about: "Which releases stay, with their deployments and logs. Lifecycles and their phases can say otherwise.",
    items: "releases",
  },
  {
    type: "LifecycleTentacle",
    title: "Files on targets",
    about: "How many deployments' packages and files stay on a target. Lifecycles and their phases can say otherwise.",
    items: "deployments",
  },
  {
    type: "RunbookRetention",
    title: "Runbook runs",
    about: "How many runs stay for each environment, with their logs. A runbook can say otherwise in its settings.",
    items: "runs",
  },
];

/** What the space keeps where nobody says otherwise. */
export function DefaultRetentionScreen() {
  const { space } = useParams({ from: "/shell/app/$space/library/retention" });
  return (
    <Page
      title="Default retention"
      crumbs={[{ text: "Lifecycles", to: `/app/${space}/library/lifecycles` }]}
      description="How much the space keeps where lifecycles, phases and runbooks do not say otherwise."
    >
      <Stack maw={760}>
        {OF.map((one) => (
          <OneDefault key={one.type} space={space} {...one} />
        ))}
      </Stack>
    </Page>
  );
}

function OneDefault({ space, type, title, about, items }: (typeof OF)[number] & { space: string }) {
  const policy = useQuery(spaceDefaultQuery(space, type));
  return (
    <Panel title={title}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {about}
        </Text>
        <Loaded query={policy} what="The default" rows={2}>
          {(data) => <Form space={space} saved={data} title={title} items={items} />}
        </Loaded>
      </Stack>
    </Panel>
  );
}

interface FormProps {
  space: string;
  saved: SpaceDefault;
  title: string;
  items: string;
}

function Form({ space, saved, title, items }: FormProps) {
  const saving = useSaveSpaceDefault(space);
  const need = { permission: "RetentionAdminister", space };
  const mayEdit = useMay(need);
  const [changed, setChanged] = useState<Kept | null>(null);
  const kept = changed ?? keptIn(saved);
  const isChanged = changed !== null && !isSame(changed, keptIn(saved));
  const leaving = useLeaveGuard(isChanged);
  const fault = faultsOf(saving.error).find((one) => one.field === "QuantityToKeep")?.sentence;
  const save = () => {
    const isCount = kept.Strategy === "Count";
    const Strategy = isCount ? "Count" : "Forever";
    const amount = isCount ? { QuantityToKeep: kept.QuantityToKeep, Unit: kept.Unit } : NOTHING;
    saving.mutate(
      { ...saved, Strategy, ...amount },
      {
        onSuccess: () => {
          setChanged(null);
          notifyDone(`${title}: the default is saved.`);
        },
      },
    );
  };
  return (
    <>
      <RetentionField
        label={`${title} kept`}
        items={items}
        value={kept}
        onChange={setChanged}
        error={fault}
        disabled={!mayEdit}
      />
      {saving.isError && !fault && <ErrorNotice error={saving.error} title="The default was not saved" />}
      {isChanged && (
        <Group gap="xs">
          <ActionButton need={need} onClick={save} loading={saving.isPending}>
            Save
          </ActionButton>
          <Button variant="default" onClick={() => setChanged(null)}>
            Discard
          </Button>
        </Group>
      )}
      <Confirm
        opened={leaving.isHeld}
        title="Leave without saving?"
        action="Leave"
        danger
        onConfirm={leaving.leave}
        onClose={leaving.stay}
      >
        The default for “{title}” is changed and not saved.
      </Confirm>
    </>
  );
}

const NOTHING = { QuantityToKeep: null, Unit: null };

function keptIn(saved: SpaceDefault): Kept {
  return {
    Strategy: saved.Strategy,
    QuantityToKeep: saved.QuantityToKeep ?? 30,
    Unit: saved.Unit ?? "Days",
    ShouldKeepForever: saved.Strategy === "Forever",
  };
}
