import "@mantine/dates/styles.css";
import { DateTimePicker } from "@mantine/dates";
import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";
import type { ReactNode } from "react";
import { zoneName } from "@/lib/zone";

dayjs.extend(utc);
dayjs.extend(timezone);

/** How the calendar writes a moment: without a zone. */
const LOCAL = "YYYY-MM-DD HH:mm:ss";

interface Props {
  label: string;
  description?: ReactNode;
  /** A moment as the API writes it (ISO 8601), or nothing. */
  value: string | null;
  onChange: (value: string | null) => void;
  error?: string;
  required?: boolean;
  clearable?: boolean;
  /** Not before this moment. */
  earliest?: Date;
}

/** A moment, entered in the user's time zone and given to the API with its offset. */
export function DateTimeField({ label, description, value, onChange, earliest, clearable = true, ...rest }: Props) {
  return (
    <DateTimePicker
      {...rest}
      withAsterisk={false}
      label={label}
      description={description ?? `In your time zone, ${zoneName()}.`}
      valueFormat="D MMM YYYY, HH:mm"
      placeholder="Choose a day and a time"
      styles={{ placeholder: { color: "var(--mantine-color-dimmed)" } }}
      clearable={clearable}
      clearButtonProps={{ "aria-label": `Clear ${label}` }}
      minDate={earliest}
      value={value === null ? null : inZone(value)}
      onChange={(next) => onChange(next === null ? null : momentOf(next))}
    />
  );
}

function inZone(moment: string): string {
  return dayjs(moment).tz(zoneName()).format(LOCAL);
}

function momentOf(local: string): string {
  return dayjs.tz(local, zoneName()).toISOString();
}
