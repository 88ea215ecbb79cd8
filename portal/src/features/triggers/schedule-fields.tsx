import { Chip, Group, Input, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Ago } from "@/components/time";
import type { Form } from "@/lib/use-form";
import { type Filter, type Trigger, timesAheadQuery } from "./api";
import { clockOf, DAYS, daysOf, scheduleOf, timeOf } from "./kinds";
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
      <Ahead space={space} filter={filter} />
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
      <Chip.Group multiple value={daysOf(form.value.Filter)} onChange={(days) => set({ DaysOfWeek: days })}>
        <Group gap={6} mt={4}>
          {DAYS.map((day) => (
            <Chip key={day} value={day} size="sm">
              {day}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Input.Wrapper>
  );
}

function OlderWeekly({ form, set }: FieldProps) {
  const filter = form.value.Filter;
  return (
    <>
      <Clock label="At" name="StartTime" form={form} set={set} />
      <Chip.Group
        multiple
        value={DAYS.filter((day) => filter[day])}
        onChange={(days) => set(Object.fromEntries(DAYS.map((day) => [day, days.includes(day)])))}
      >
        <Group gap={6}>
          {DAYS.map((day) => (
            <Chip key={day} value={day} size="sm">
              {day}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
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

const NUMBERS = [
  { value: "1", label: "first" },
  { value: "2", label: "second" },
  { value: "3", label: "third" },
  { value: "4", label: "fourth" },
  { value: "L", label: "last" },
];
const DATES = [...Array.from({ length: 31 }, (_, index) => String(index + 1)), "L"].map((value) => ({
  value,
  label: value === "L" ? "the last day" : `day ${value}`,
}));

function Monthly({ form, set }: FieldProps) {
  const filter = form.value.Filter;
  const byDate = filter.MonthlyScheduleType !== "DayOfMonth";
  const choose = (type: string | null) =>
    type === "DayOfMonth"
      ? set({ MonthlyScheduleType: type, DateOfMonth: null, DayNumberOfMonth: "1", DayOfWeek: "Monday" })
      : set({ MonthlyScheduleType: "DateOfMonth", DateOfMonth: "1", DayNumberOfMonth: null, DayOfWeek: null });
  return (
    <Group gap="xs" align="flex-end">
      <Select
        label="On"
        data={[
          { value: "DateOfMonth", label: "a date" },
          { value: "DayOfMonth", label: "a weekday" },
        ]}
        value={byDate ? "DateOfMonth" : "DayOfMonth"}
        allowDeselect={false}
        onChange={choose}
        w={140}
      />
      {byDate ? (
        <Select
          aria-label="Date"
          data={DATES}
          value={filter.DateOfMonth ?? "1"}
          allowDeselect={false}
          onChange={(DateOfMonth) => set({ DateOfMonth })}
          error={form.fault("Filter.DateOfMonth")}
          w={150}
        />
      ) : (
        <>
          <Select
            aria-label="Which one"
            data={NUMBERS}
            value={filter.DayNumberOfMonth ?? "1"}
            allowDeselect={false}
            onChange={(DayNumberOfMonth) => set({ DayNumberOfMonth })}
            w={120}
          />
          <Select
            aria-label="Weekday"
            data={[...DAYS]}
            value={filter.DayOfWeek}
            allowDeselect={false}
            onChange={(day) => set({ DayOfWeek: day as Filter["DayOfWeek"] })}
            w={150}
          />
        </>
      )}
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

/** The next five times, as the server works them out. */
function Ahead({ space, filter }: { space: string; filter: Filter }) {
  const [settled] = useDebouncedValue(filter, 300);
  const [ahead] = useQuery(timesAheadQuery(space, [settled], 5)).data ?? [];
  if (!ahead) return null;
  if (ahead.Faults.length > 0) {
    return (
      <Text size="sm" c="dimmed">
        {ahead.Faults.join(" ")}
      </Text>
    );
  }
  const shown = new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: settled.Timezone ?? "UTC",
  });
  return (
    <Input.Wrapper
      label="The next times"
      labelElement="div"
      description={`By the clock of ${settled.Timezone ?? "UTC"}.`}
    >
      {ahead.Times.length === 0 ? (
        <Text size="sm">It never comes.</Text>
      ) : (
        <ul style={{ margin: "4px 0 0", paddingLeft: 18 }} className="numbers">
          {ahead.Times.map((time) => (
            <li key={time}>
              <Text size="sm">
                {shown.format(new Date(time))}{" "}
                <Text span size="sm" c="dimmed">
                  <Ago at={time} />
                </Text>
              </Text>
            </li>
          ))}
        </ul>
      )}
    </Input.Wrapper>
  );
}
