import { Accordion, Checkbox, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { DateTimeField } from "@/components/date-time";
import { Panel } from "@/components/page";
import { ManyPicker } from "@/components/picker";
import type { Plan } from "./run-plan";

interface Props {
  space: string;
  plan: Plan;
  set: (patch: Partial<Plan>) => void;
}

/** What most runs leave as it is. */
export function RunOptions({ space, plan, set }: Props) {
  return (
    <Panel flush>
      <Accordion multiple>
        <Accordion.Item value="when">
          <Accordion.Control>When{plan.at ? "" : ": now"}</Accordion.Control>
          <Accordion.Panel>
            <Stack gap="sm" maw={420}>
              <DateTimeField
                label="Begin at"
                value={plan.at}
                onChange={(at) => set({ at, until: at && plan.until })}
                earliest={new Date()}
              />
              {plan.at && (
                <DateTimeField
                  label="Expires at"
                  description="A run that could not begin until then is cancelled."
                  value={plan.until}
                  onChange={(until) => set({ until })}
                  earliest={new Date(plan.at)}
                />
              )}
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
        <Accordion.Item value="targets">
          <Accordion.Control>
            Targets: {plan.targets === "all" ? "all that fit" : plan.targets === "only" ? "only some" : "all but some"}
          </Accordion.Control>
          <Accordion.Panel>
            <Stack gap="sm" maw={520}>
              <SegmentedControl
                aria-label="On which targets"
                data={[
                  { value: "all", label: "All that fit" },
                  { value: "only", label: "Only these" },
                  { value: "except", label: "All but these" },
                ]}
                value={plan.targets}
                onChange={(targets) => set({ targets: targets as Plan["targets"] })}
              />
              {plan.targets !== "all" && (
                <ManyPicker
                  kind="machines"
                  space={space}
                  aria-label="Targets"
                  filters={plan.environments.length > 0 ? { environmentIds: plan.environments.join(",") } : {}}
                  placeholder="Find targets"
                  value={plan.machines}
                  onChange={(machines) => set({ machines })}
                />
              )}
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
        <Accordion.Item value="failure">
          <Accordion.Control>Failures and packages</Accordion.Control>
          <Accordion.Panel>
            <Stack gap="md" maw={520}>
              <Select
                label="When a step fails"
                allowDeselect={false}
                data={[
                  { value: "default", label: "As the runbook and the environment say" },
                  { value: "on", label: "Ask a person what to do" },
                  { value: "off", label: "Fail the run" },
                ]}
                value={plan.guided}
                onChange={(guided) => guided && set({ guided: guided as Plan["guided"] })}
              />
              <Checkbox
                label="Fetch packages anew"
                description="Also those that the server or the targets have already."
                checked={plan.isForced}
                onChange={(event) => set({ isForced: event.currentTarget.checked })}
              />
              <Text size="sm" c="dimmed">
                Steps can be skipped in the list above.
              </Text>
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Panel>
  );
}
