import { Input, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { exactTime } from "@/lib/time";
import { type Freeze, occurrencesQuery } from "./api";

/** What is going on and what comes next, as the server works it out. */
export function Occurrences({ freeze }: { freeze: Freeze }) {
  const [settled] = useDebouncedValue(freeze, 300);
  const { data } = useQuery(occurrencesQuery(settled));
  if (!settled.Start || !settled.End || !data) return null;
  if (data.Faults.length > 0) {
    return (
      <Text size="sm" c="dimmed">
        {data.Faults.join(" ")}
      </Text>
    );
  }
  return (
    <Input.Wrapper label="It holds" labelElement="div">
      {data.Occurrences.length === 0 ? (
        <Text size="sm">No more: all of it lies in the past.</Text>
      ) : (
        <ul style={{ margin: "4px 0 0", paddingLeft: 18 }} className="numbers">
          {data.Occurrences.map((one) => (
            <li key={one.Begins}>
              <Text size="sm">
                {exactTime(one.Begins)} – {exactTime(one.Ends)}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </Input.Wrapper>
  );
}
