import { TextInput } from "@mantine/core";
import type { Step } from "../model/document";
import { isBound, listIn, ROLES, WINDOW } from "../model/properties";
import type { Change } from "./context";
import { fieldsOf } from "./fields";
import { useInsert } from "./insert-variable";
import { Section } from "./section";

/** How many targets a step works on at one time. */
export function RollingSection({ step, changeStep }: { step: Step; changeStep: Change<Step> }) {
  const fields = fieldsOf(step, changeStep);
  const window = fields.value(WINDOW);
  const insert = useInsert(window, (text) => fields.set(WINDOW, text));
  if (listIn(step.Properties, ROLES).length === 0 && window === "") return null;
  const isWrong = window !== "" && !isBound(window) && !/^[1-9]\d*$/.test(window.trim());
  return (
    <Section title="Rolling" summary={window ? `${window} targets at a time` : "All targets, ten at a time"}>
      <TextInput
        label="Targets at a time"
        description="The next target begins as soon as one has ended, and none begins after a failure. Without a number, ten work side by side."
        placeholder="1"
        w={{ base: "100%", xs: 280 }}
        {...fields.text(WINDOW)}
        error={isWrong ? "It must be a whole number from 1 on, or an expression." : undefined}
        rightSection={insert}
      />
    </Section>
  );
}
