import { Select, TextInput } from "@mantine/core";
import { isTimed } from "../model/kinds";
import { BACKOFF, isBound, RETRIES, TIMEOUT, textIn } from "../model/properties";
import { Bindable } from "./bindable";
import { type ActionFormProps, useEditing } from "./context";
import { fieldsOf } from "./fields";
import classes from "./form.module.css";
import { useInsert } from "./insert-variable";
import { Section } from "./section";

/** How often a failed action is tried again, and how long an attempt may take. */
export function LimitsSection({ action, change }: ActionFormProps) {
  const { readOnly } = useEditing();
  const fields = fieldsOf(action, change);
  const minutes = fields.value(TIMEOUT);
  const insert = useInsert(minutes, (text) => fields.set(TIMEOUT, text));
  if (!isTimed(action.ActionType)) return null;
  const retries = textIn(action.Properties, RETRIES) || "0";
  const words = [
    retries === "0" ? "No retries" : `${retries} ${retries === "1" ? "retry" : "retries"}`,
    minutes ? `at most ${minutes} minutes` : "no limit of time",
  ];
  return (
    <Section title="Retries and time" summary={words.join(" · ")}>
      <div className={classes.pair}>
        <Bindable
          label="Retries after a failure"
          value={retries === "0" ? "" : retries}
          readOnly={readOnly}
          onChange={(text) => fields.set(RETRIES, text)}
        >
          <Select
            label="Retries after a failure"
            allowDeselect={false}
            data={[
              { value: "0", label: "None" },
              { value: "1", label: "One" },
              { value: "2", label: "Two" },
              { value: "3", label: "Three" },
            ]}
            value={retries}
            onChange={(value) => fields.set(RETRIES, value === "0" ? null : value)}
          />
        </Bindable>
        {retries !== "0" && (
          <TextInput
            label="Seconds between retries"
            placeholder="15"
            {...fields.text(BACKOFF)}
            error={numberFault(fields.value(BACKOFF))}
          />
        )}
        <TextInput
          label="Minutes that an attempt may take"
          placeholder="No limit"
          {...fields.text(TIMEOUT)}
          error={numberFault(minutes)}
          rightSection={insert}
        />
      </div>
    </Section>
  );
}

/** The rule of the server, told while one types. */
export function numberFault(text: string): string | undefined {
  if (text.trim() === "" || isBound(text) || /^\d*\.?\d*$/.test(text.trim())) return undefined;
  return "It must be a number from 0 on, or an expression.";
}
