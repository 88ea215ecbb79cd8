import { Input, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Ago } from "@/components/time";
import { type Filter, timesAheadQuery } from "./api";

/** The next five times, as the server works them out. */
export function TimesAhead({ space, filter }: { space: string; filter: Filter }) {
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
