import { Group, NumberInput, Select } from "@mantine/core";
import { type Choice, choiceOf, type Kept, keptOf } from "@/lib/retention";

interface Props {
  label: string;
  description?: string;
  value: Kept | null;
  onChange: (value: Kept | null) => void;
  /** What "as the one above says" is called here, such as "As the lifecycle says"; without it there is nobody above. */
  inherited?: string;
  /** What is counted: `releases`. */
  items: string;
  /** What a count begins with. */
  first?: Pick<Kept, "QuantityToKeep" | "Unit">;
  error?: string;
  disabled?: boolean;
}

const FIRST = { QuantityToKeep: 30, Unit: "Days" } as const;

/** How much is kept: as somebody else says, everything, or a number of things or days. */
export function RetentionField({ label, description, value, onChange, inherited, items, first, ...rest }: Props) {
  const choice = choiceOf(value);
  const choices = [
    ...(inherited ? [{ value: "Default", label: inherited }] : []),
    { value: "Forever", label: "Keep everything" },
    { value: "Count", label: "Keep some" },
  ];
  const change = (patch: Partial<Kept>) => value && onChange({ ...value, ...patch });
  return (
    <Group align="flex-end" gap="xs">
      <Select
        label={label}
        description={description}
        error={rest.error}
        disabled={rest.disabled}
        data={choices}
        value={choice}
        allowDeselect={false}
        onChange={(next) => next && onChange(keptOf(next as Choice, value, first ?? FIRST))}
        w={{ base: "100%", xs: 280 }}
      />
      {value && choice === "Count" && (
        <>
          <NumberInput
            aria-label={`${label}: how many`}
            min={1}
            max={1_000_000}
            allowDecimal={false}
            disabled={rest.disabled}
            value={value.QuantityToKeep}
            onChange={(next) => change({ QuantityToKeep: Number(next) || 0 })}
            w={90}
          />
          <Select
            aria-label={`${label}: of what`}
            data={[
              { value: "Items", label: items },
              { value: "Days", label: "days" },
            ]}
            value={value.Unit}
            allowDeselect={false}
            disabled={rest.disabled}
            onChange={(next) => next && change({ Unit: next as Kept["Unit"] })}
            w={120}
          />
        </>
      )}
    </Group>
  );
}
