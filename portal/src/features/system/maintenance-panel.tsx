import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { notifyError } from "@/lib/notify";
import { useSaveValues, valuesQuery } from "./settings-api";

/** Begins and ends maintenance: a step that everybody notices, so it is asked for. */
export function MaintenancePanel() {
  const values = useQuery(valuesQuery("maintenance"));
  const saving = useSaveValues("maintenance");
  const [asks, setAsks] = useState(false);
  return (
    <Panel>
      <Loaded query={values} what="The state" rows={1}>
        {(saved) => {
          const isOn = saved.IsInMaintenanceMode === true;
          const turn = () => {
            setAsks(false);
            saving.mutate(
              { ...saved, IsInMaintenanceMode: !isOn },
              { onError: (error) => notifyError("It was not changed", error) },
            );
          };
          return (
            <>
              <Group justify="space-between">
                <Group gap="sm">
                  <StateBadge of={isOn ? "waiting" : "success"} word={isOn ? "In maintenance" : "Working as usual"} />
                  <Text size="sm">
                    {isOn ? "Only administrators can change anything now." : "Everybody works within their rights."}
                  </Text>
                </Group>
                <ActionButton
                  variant="default"
                  need={{ permission: "ConfigureServer" }}
                  loading={saving.isPending}
                  onClick={() => setAsks(true)}
                >
                  {isOn ? "End maintenance" : "Begin maintenance"}
                </ActionButton>
              </Group>
              <Confirm
                opened={asks}
                title={isOn ? "End maintenance?" : "Begin maintenance?"}
                action={isOn ? "End it" : "Begin it"}
                onConfirm={turn}
                onClose={() => setAsks(false)}
              >
                {isOn
                  ? "Everybody can change things again."
                  : "Nobody but administrators can change or deploy anything until you end it. Tasks that run or wait go on."}
              </Confirm>
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
