import { SegmentedControl, Select, Stack, Text, useMantineColorScheme } from "@mantine/core";
import { Panel } from "@/components/page";
import { useNow } from "@/lib/now";
import { exactTime } from "@/lib/time";
import { chooseZone, chosenZone } from "@/lib/zone";

const THEMES = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "As the system" },
];

/** How the portal looks in this browser. */
export function LookPanel() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const now = useNow();
  const system = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const choose = (zone: string | null) => {
    chooseZone(zone);
    // Times that are on the screen already were written in the old zone.
    window.location.reload();
  };
  return (
    <Panel title="In this browser">
      <Stack>
        <div>
          <Text size="sm" fw={500} mb={6}>
            Theme
          </Text>
          <SegmentedControl
            aria-label="Theme of the portal"
            data={THEMES}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
          />
        </div>
        <Select
          label="Time zone"
          description={`Times are shown in it. It is now ${exactTime(new Date(now).toISOString())}.`}
          placeholder={`As the system: ${system}`}
          searchable
          clearable
          maw={360}
          data={Intl.supportedValuesOf("timeZone")}
          value={chosenZone()}
          onChange={choose}
        />
      </Stack>
    </Panel>
  );
}
