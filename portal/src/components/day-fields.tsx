import { Chip, Group, Select } from "@mantine/core";
import { DAYS, type Day } from "@/lib/days";

interface WeekProps {
  label: string;
  days: readonly string[];
  onDays: (days: Day[]) => void;
}

/** Any of the seven days of the week. */
export function DaysOfWeek({ label, days, onDays }: WeekProps) {
  return (
    <Chip.Group multiple value={[...days]} onChange={(next) => onDays(DAYS.filter((day) => next.includes(day)))}>
      <Group gap={6} role="group" aria-label={label}>
        {DAYS.map((day) => (
          <Chip key={day} value={day} size="sm">
            {day}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

/** A day of each month, as schedules and freezes keep it: by its date, or as the first, second … weekday. */
export interface DayOfMonth {
  MonthlyScheduleType?: "DateOfMonth" | "DayOfMonth" | null;
  DateOfMonth?: string | null;
  DayNumberOfMonth?: string | null;
  DayOfWeek?: Day | null;
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

interface MonthProps {
  value: DayOfMonth;
  onChange: (patch: DayOfMonth) => void;
  fault: (name: keyof DayOfMonth) => string | undefined;
}

/** Which day of each month. */
export function DayOfMonthFields({ value, onChange, fault }: MonthProps) {
  const byDate = value.MonthlyScheduleType !== "DayOfMonth";
  const choose = (type: string | null) =>
    type === "DayOfMonth"
      ? onChange({ MonthlyScheduleType: type, DateOfMonth: null, DayNumberOfMonth: "1", DayOfWeek: "Monday" })
      : onChange({ MonthlyScheduleType: "DateOfMonth", DateOfMonth: "1", DayNumberOfMonth: null, DayOfWeek: null });
  return (
    <>
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
          value={value.DateOfMonth ?? "1"}
          allowDeselect={false}
          onChange={(DateOfMonth) => onChange({ DateOfMonth })}
          error={fault("DateOfMonth")}
          w={150}
        />
      ) : (
        <>
          <Select
            aria-label="Which one"
            data={NUMBERS}
            value={value.DayNumberOfMonth ?? "1"}
            allowDeselect={false}
            onChange={(DayNumberOfMonth) => onChange({ DayNumberOfMonth })}
            error={fault("DayNumberOfMonth")}
            w={120}
          />
          <Select
            aria-label="Weekday"
            data={[...DAYS]}
            value={value.DayOfWeek}
            allowDeselect={false}
            onChange={(day) => onChange({ DayOfWeek: day as Day })}
            error={fault("DayOfWeek")}
            w={150}
          />
        </>
      )}
    </>
  );
}
