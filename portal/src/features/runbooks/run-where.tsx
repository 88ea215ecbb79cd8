import { MultiSelect, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ManyPicker } from "@/components/picker";
import { TagField } from "@/components/tenanted";
import { type Home, type Runbook, runbookEnvironmentsQuery } from "./api";
import type { Plan } from "./run-plan";

interface Props {
  home: Home;
  runbook: Runbook;
  plan: Plan;
  set: (patch: Partial<Plan>) => void;
}

/** In which environments, and for which tenants: one run for each. */
export function RunWhere({ home, runbook, plan, set }: Props) {
  const environments = useQuery(runbookEnvironmentsQuery(home, runbook.Id));
  const mode = runbook.MultiTenancyMode;
  return (
    <Panel>
      <Loaded query={environments} what="Where the runbook may run" rows={2}>
        {(list) => (
          <Stack gap="sm" maw={560}>
            <MultiSelect
              label="Environments"
              placeholder={plan.environments.length === 0 ? "Where?" : undefined}
              searchable
              hidePickedOptions
              data={list.map((one) => ({ value: one.Id, label: one.Name }))}
              value={plan.environments}
              onChange={(ids) => set({ environments: ids })}
            />
            {list.length === 0 && (
              <Text size="sm" c="dimmed">
                It may run in no environment that you may see. Its settings say in which it may.
              </Text>
            )}
            {mode !== "Untenanted" && (
              <>
                <ManyPicker
                  kind="tenants"
                  space={home.space}
                  filters={{ projectId: home.project }}
                  label="Tenants"
                  description={
                    mode === "Tenanted"
                      ? "It runs for tenants only: once for each, in each environment."
                      : "Once for each, in each environment. Without any it runs for no tenant."
                  }
                  value={plan.tenants}
                  onChange={(ids) => set({ tenants: ids })}
                />
                <TagField
                  space={home.space}
                  scope="Tenant"
                  label="And tenants with tags"
                  value={plan.tenantTags}
                  onChange={(tags) => set({ tenantTags: tags })}
                />
              </>
            )}
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}
