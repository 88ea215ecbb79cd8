import { Select } from "@mantine/core";
import type { ThingKind } from "@/api/things";
import { Picker } from "@/components/picker";

interface Props {
  label: string;
  value: string | undefined;
  onChange: (value: string | null) => void;
  w?: number;
}

/** A filter of a list with a few values that are known here. */
export function SelectFilter({ data, w = 170, label, ...rest }: Props & { data: { value: string; label: string }[] }) {
  return (
    <Select
      aria-label={label}
      placeholder={label}
      clearable
      searchable={data.length > 8}
      data={data}
      w={{ base: "100%", xs: w }}
      value={rest.value ?? null}
      onChange={rest.onChange}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
    />
  );
}

/** A filter whose values are things, found on the server. */
export function ThingFilter({
  kind,
  space,
  label,
  value,
  onChange,
  w = 190,
}: Props & { kind: ThingKind; space: string }) {
  return (
    <Picker
      kind={kind}
      space={space}
      aria-label={label}
      placeholder={label}
      value={value ?? null}
      onChange={onChange}
      w={{ base: "100%", xs: w }}
    />
  );
}
