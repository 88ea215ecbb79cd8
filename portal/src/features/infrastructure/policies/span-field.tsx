import { Group, Input, NumberInput, Select } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { secondsOf, spanOf, UNITS, unitOf } from "./spans";

interface Props {
  label: string;
  description?: ReactNode;
  value: string | null | undefined;
  onChange: (value: string) => void;
  error?: string;
}

/** A length of time, as a number and its unit. */
export function SpanField({ label, description, value, onChange, error }: Props) {
  const seconds = secondsOf(value) ?? 0;
  const [unit, setUnit] = useState(() => unitOf(seconds));
  const shown = seconds % unit === 0 ? unit : unitOf(seconds);
  const change = (number: number, of: number) => onChange(spanOf(Math.max(0, Math.round(number * of))));
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <Group gap="xs" wrap="nowrap" mt={4}>
        <NumberInput
          aria-label={`${label}: number`}
          min={0}
          allowDecimal={false}
          w={100}
          value={seconds / shown}
          onChange={(number) => change(Number(number) || 0, shown)}
        />
        <Select
          aria-label={`${label}: unit`}
          data={[...UNITS]}
          allowDeselect={false}
          w={120}
          value={String(shown)}
          onChange={(next) => {
            const of = Number(next ?? shown);
            setUnit(of);
            change(seconds / shown, of);
          }}
        />
      </Group>
    </Input.Wrapper>
  );
}
