import { NumberInput, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Shape } from "@/api/client";
import { Panel } from "@/components/page";
import { ManyPicker } from "@/components/picker";
import { SecretField } from "@/components/secret-field";
import type { Notification } from "./subscription-defaults";
import { zonesQuery } from "./subscriptions-api";
import { minutesOf, spanOf } from "./timespan";

interface Props {
  space: string;
  told: Notification;
  tell: (patch: Partial<Notification>) => void;
  faultOf: (field: string) => string | undefined;
}

const PLACE = "EventNotificationSubscription";
const ALL_LEVELS = { includeSystem: "true" };

/** Events gathered into a mail, now and then, to the members of teams. */
export function EmailPanel({ space, told, tell, faultOf }: Props) {
  const { data: zones = [] } = useQuery(zonesQuery);
  return (
    <Panel title="By mail">
      <Stack>
        <ManyPicker
          label="Teams"
          description="Each member is told of what they may see. Without a team, no mail is sent."
          kind="teams"
          space={space}
          filters={ALL_LEVELS}
          value={told.EmailTeams}
          onChange={(EmailTeams) => tell({ EmailTeams })}
          error={faultOf(`${PLACE}.EmailTeams`)}
        />
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <NumberInput
            label="Every"
            suffix=" min"
            min={1}
            value={minutesOf(told.EmailFrequencyPeriod) ?? ""}
            onChange={(minutes) => tell({ EmailFrequencyPeriod: spanOf(Number(minutes)) })}
            error={faultOf(`${PLACE}.EmailFrequencyPeriod`)}
          />
          <Select
            label="Priority"
            data={["Low", "Normal", "High"]}
            allowDeselect={false}
            value={told.EmailPriority}
            onChange={(priority) => priority && tell({ EmailPriority: priority as Notification["EmailPriority"] })}
          />
          <Select
            label="Times in the zone"
            searchable
            limit={60}
            allowDeselect={false}
            data={zones.map((zone) => ({ value: zone.Id, label: zone.Name }))}
            value={told.EmailShowDatesInTimeZoneId}
            onChange={(zone) => zone && tell({ EmailShowDatesInTimeZoneId: zone })}
          />
        </SimpleGrid>
      </Stack>
    </Panel>
  );
}

/** Each event at once, as JSON, to an address. */
export function WebhookPanel({ space, told, tell, faultOf }: Props) {
  return (
    <Panel title="To another program">
      <Stack>
        <TextInput
          label="Address"
          description="Each event is sent there as JSON by a POST. Empty means that nothing is sent."
          placeholder="https://hooks.example.com/polpo"
          value={told.WebhookURI}
          onChange={(event) => tell({ WebhookURI: event.currentTarget.value })}
          error={faultOf(`${PLACE}.WebhookURI`)}
        />
        <ManyPicker
          label="Teams"
          description="Only events that members of these teams may see are sent."
          kind="teams"
          space={space}
          filters={ALL_LEVELS}
          value={told.WebhookTeams}
          onChange={(WebhookTeams) => tell({ WebhookTeams })}
        />
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <NumberInput
            label="Give up after"
            suffix=" s"
            min={1}
            value={Math.round((minutesOf(told.WebhookTimeout) ?? 0) * 60)}
            onChange={(seconds) => tell({ WebhookTimeout: spanOf(Number(seconds) / 60) })}
            error={faultOf(`${PLACE}.WebhookTimeout`)}
          />
          <TextInput
            label="Header"
            placeholder="X-Token"
            value={told.WebhookHeaderKey ?? ""}
            onChange={(event) => tell({ WebhookHeaderKey: event.currentTarget.value || null })}
            error={faultOf(`${PLACE}.WebhookHeaderKey`)}
          />
          <SecretField
            label="Its value"
            value={secretOf(told.WebhookHeaderValue)}
            onChange={(WebhookHeaderValue) => tell({ WebhookHeaderValue })}
          />
        </SimpleGrid>
      </Stack>
    </Panel>
  );
}

/** Older clients wrote the value as a plain text; it is treated as a secret from then on. */
function secretOf(value: Notification["WebhookHeaderValue"]): Shape<"SensitiveValue"> | null {
  return typeof value === "string" ? { HasValue: true, NewValue: value, Hint: null } : value;
}
