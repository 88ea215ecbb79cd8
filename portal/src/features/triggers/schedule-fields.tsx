import { Box, Group, Input, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { DayOfMonthFields, DaysOfWeek } from "@/components/day-fields";
import { DAYS } from "@/lib/days";
import type { Form } from "@/lib/use-form";
import type { Filter, Trigger } from "./api";
import { clockOf, daysOf, scheduleOf, timeOf } from "./kinds";
import { TimesAhead } from "./times-ahead";
import { cronWords } from "./words";

const TYPES = [
  { value: "OnceDailySchedule", label: "Once a day, on chosen days" },
  { value: "ContinuousDailySchedule", label: "Again and again within a day" },
  { value: "DaysPerMonthSchedule", label: "Once a month" },
  { value: "CronExpressionSchedule", label: "By a cron expression" },
];
const OLDER: Record<string, string> = {
  DailySchedule: "Every day (made by an older client)",
  DaysPerWeekSchedule: "On days of the week (made by an older client)",
};
const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

interface Props {
  space: string;
  form: Form<Trigger>;
  set: (patch: Partial<Filter>) => void;
}

export function ScheduleFields({ space, form, set }: Props) {
  const filter = form.value.Filter;
  const older = OLDER[filter.FilterType];
  const zone = filter.Timezone ?? "UTC";
  return (
    <Stack gap="sm">
      <Select
        label="How"
        data={older ? [...TYPES, { value: filter.FilterType, label: older }] : TYPES}
        value={filter.FilterType}
        allowDeselect={false}
        onChange={(type) => type && form.set({ Filter: scheduleOf(type as Filter["FilterType"], form.value.Filter) })}
        maw={420}
      />
      <OfType form={form} set={set} />
      <Select
        label="Time zone"
        searchable
        data={ZONES.includes(zone) ? ZONES : [zone, ...ZONES]}
        value={zone}
        allowDeselect={false}
        onChange={(Timezone) => set({ Timezone })}
        error={form.fault("Filter.Timezone")}
        limit={100}
        maw={420}
      />
      <TimesAhead space={space} filter={filter} />
    </Stack>
  );
}

type FieldProps = Omit<Props, "space">;

function OfType({ form, set }: FieldProps) {
  switch (form.value.Filter.FilterType) {
    case "CronExpressionSchedule":
      return <CronField form={form} set={set} />;
    case "ContinuousDailySchedule":
      return <Continuous form={form} set={set} />;
    case "DaysPerMonthSchedule":
      return <Monthly form={form} set={set} />;
    case "DaysPerWeekSchedule":
      return <OlderWeekly form={form} set={set} />;
    case "DailySchedule":
      return <Clock label="At" name="StartTime" form={form} set={set} />;
    default:
      return (
        <>
          <Clock label="At" name="StartTime" form={form} set={set} />
          <Days form={form} set={set} />
        </>
      );
  }
}

interface ClockProps extends FieldProps {
  label: string;
  name: "StartTime" | "RunAfter" | "RunUntil";
}

function Clock({ label, name, form, set }: ClockProps) {
  return (
    <TextInput
      type="time"
      label={label}
      value={clockOf(form.value.Filter[name])}
      onChange={(event) => set({ [name]: timeOf(event.currentTarget.value) })}
      error={form.fault(`Filter.${name}`)}
      w={140}
    />
  );
}

function Days({ form, set }: FieldProps) {
  return (
    <Input.Wrapper label="On" labelElement="div" error={form.fault("Filter.DaysOfWeek")}>
      <Box mt={4}>
        <DaysOfWeek label="On" days={daysOf(form.value.Filter)} onDays={(days) => set({ DaysOfWeek: days })} />
      </Box>
    </Input.Wrapper>
  );
}

function OlderWeekly({ form, set }: FieldProps) {
  const filter = form.value.Filter;
  return (
    <>
      <Clock label="At" name="StartTime" form={form} set={set} />
      <DaysOfWeek
        label="On"
        days={DAYS.filter((day) => filter[day])}
        onDays={(days) => set(Object.fromEntries(DAYS.map((day) => [day, days.includes(day)])))}
      />
    </>
  );
}

function Continuous({ form, set }: FieldProps) {
  const filter = form.value.Filter;
  const isHourly = filter.Interval !== "OnceEveryMinute";
  const name = isHourly ? "HourInterval" : "MinuteInterval";
  return (
    <>
      <Group gap="xs" align="flex-end">
        <NumberInput
          label="Every"
          min={1}
          max={isHourly ? 24 : 1440}
          allowDecimal={false}
          value={filter[name] ?? 1}
          onChange={(value) => set({ [name]: Number(value) || null })}
          error={form.fault(`Filter.${name}`)}
          w={100}
        />
        <Select
          aria-label="Unit"
          data={[
            { value: "OnceHourly", label: "hours" },
            { value: "OnceEveryMinute", label: "minutes" },
          ]}
          value={isHourly ? "OnceHourly" : "OnceEveryMinute"}
          allowDeselect={false}
          onChange={(Interval) =>
            set({ Interval: Interval as Filter["Interval"], HourInterval: null, MinuteInterval: null })
          }
          w={130}
        />
        <Clock label="From" name="RunAfter" form={form} set={set} />
        <Clock label="Until" name="RunUntil" form={form} set={set} />
      </Group>
      <Days form={form} set={set} />
    </>
  );
}

function Monthly({ form, set }: FieldProps) {
  return (
    <Group gap="xs" align="flex-end">
      <DayOfMonthFields value={form.value.Filter} onChange={set} fault={(name) => form.fault(`Filter.${name}`)} />
      <Clock label="At" name="StartTime" form={form} set={set} />
    </Group>
  );
}

function CronField({ form, set }: FieldProps) {
  const expression = form.value.Filter.CronExpression ?? "";
  return (
    <TextInput
      label="Cron expression"
      description="Second, minute, hour, day, month, weekday; a year after them if you wish."
      placeholder="0 0 6 * * Mon-Fri"
      value={expression}
      onChange={(event) => set({ CronExpression: event.currentTarget.value })}
      error={form.fault("Filter.CronExpression")}
      inputContainer={(children) => (
        <>
          {children}
          <Text size="sm" mt={4} c="dimmed" aria-live="polite">
            {cronWords(expression) ?? ""}
          </Text>
        </>
      )}
      maw={420}
    />
  );
}
