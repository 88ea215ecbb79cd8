import { Group, NumberInput, Select, Stack, Text } from "@mantine/core";
import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";
import { DateTimeField } from "@/components/date-time";
import { DayOfMonthFields, DaysOfWeek } from "@/components/day-fields";
import type { Form } from "@/lib/use-form";
import { zoneName } from "@/lib/zone";
import type { Freeze, Schedule } from "./api";
import { offsetWords, scheduleOf } from "./freeze";

dayjs.extend(utc);
dayjs.extend(timezone);

const TYPES = [
  { value: "Once", label: "Once" },
  { value: "Daily", label: "Every day" },
  { value: "Weekly", label: "Every week" },
  { value: "Monthly", label: "Every month" },
  { value: "Annually", label: "Every year" },
];
const UNITS: Record<string, string> = { Daily: "day", Weekly: "week", Monthly: "month", Annually: "year" };

/** Whether the freeze comes again, and how often. */
export function RecurrenceFields({ form }: { form: Form<Freeze> }) {
  const schedule = form.value.RecurringSchedule;
  const choose = (type: string | null) => {
    const offset = dayjs(form.value.Start ?? undefined)
      .tz(zoneName())
      .utcOffset();
    const next = type === "Once" ? null : scheduleOf(type as Schedule["Type"], schedule, offset);
    form.set({ RecurringSchedule: next });
  };
  return (
    <Stack gap="sm">
      <Select
        label="It comes"
        data={TYPES}
        value={schedule?.Type ?? "Once"}
        allowDeselect={false}
        onChange={choose}
        w={{ base: "100%", xs: 200 }}
      />
      {schedule && <OfSchedule form={form} schedule={schedule} />}
    </Stack>
  );
}

function OfSchedule({ form, schedule }: { form: Form<Freeze>; schedule: Schedule }) {
  const set = (patch: Partial<Schedule>) => form.set({ RecurringSchedule: { ...schedule, ...patch } });
  const fault = (name: string) => form.fault(`RecurringSchedule.${name}`);
  return (
    <>
      <Group gap="xs" align="flex-end">
        <NumberInput
          label="Each so many"
          suffix={` ${UNITS[schedule.Type]}${schedule.Unit === 1 ? "" : "s"}`}
          min={1}
          max={1000}
          allowDecimal={false}
          value={schedule.Unit}
          onChange={(value) => set({ Unit: Number(value) || 1 })}
          error={fault("Unit")}
          w={130}
        />
        {schedule.Type === "Monthly" && <DayOfMonthFields value={schedule} onChange={set} fault={fault} />}
      </Group>
      {schedule.Type === "Weekly" && (
        <DaysOfWeek label="On" days={schedule.DaysOfWeek ?? []} onDays={(DaysOfWeek) => set({ DaysOfWeek })} />
      )}
      <Group gap="xs" align="flex-end">
        <Select
          label="It stops"
          data={[
            { value: "Never", label: "never" },
            { value: "OnDate", label: "at a time" },
            { value: "AfterOccurrences", label: "after some times" },
          ]}
          value={schedule.EndType}
          allowDeselect={false}
          onChange={(EndType) => set({ EndType: EndType as Schedule["EndType"] })}
          w={170}
        />
        {schedule.EndType === "AfterOccurrences" && (
          <NumberInput
            label="Times in all"
            min={1}
            max={10_000}
            allowDecimal={false}
            value={schedule.EndAfterOccurrences ?? ""}
            onChange={(value) => set({ EndAfterOccurrences: Number(value) || null })}
            error={fault("EndAfterOccurrences")}
            w={130}
          />
        )}
        {schedule.EndType === "OnDate" && (
          <DateTimeField
            label="Last begins by"
            value={schedule.EndOnDate}
            onChange={(EndOnDate) => set({ EndOnDate })}
            error={fault("EndOnDate")}
          />
        )}
      </Group>
      <Text size="sm" c="dimmed">
        Its days are those of a clock at {offsetWords(schedule.UserUtcOffsetInMinutes)}, which does not follow summer
        time.
      </Text>
    </>
  );
}
