import { type BoxProps, MultiSelect, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { namedQuery, type Thing, type ThingKind, thingsQuery } from "@/api/things";

interface Shared {
  kind: ThingKind;
  space: string;
  label?: string;
  /** For screen readers, where no label is shown. */
  "aria-label"?: string;
  description?: ReactNode;
  placeholder?: string;
  error?: string;
  required?: boolean;
  disabled?: boolean;
  /** Further parameters of the kind's list, such as the type of accounts. */
  filters?: Record<string, string>;
  w?: BoxProps["w"];
}

interface OneProps extends Shared {
  value: string | null;
  onChange: (id: string | null) => void;
  clearable?: boolean;
}

/** One thing of a kind, found by its name on the server: there may be thousands. */
export function Picker({ kind, space, filters, value, onChange, clearable = true, required, ...rest }: OneProps) {
  const { offered, setWords } = useOffered(kind, space, value ? [value] : [], filters);
  return (
    <Select
      {...rest}
      searchable
      clearable={clearable && !required}
      required={required}
      withAsterisk={false}
      data={offered.map(optionOf)}
      value={value}
      onChange={onChange}
      onSearchChange={setWords}
      filter={({ options }) => options}
      nothingFoundMessage="Nothing has such a name"
      maxDropdownHeight={280}
    />
  );
}

interface ManyProps extends Shared {
  value: readonly string[];
  onChange: (ids: string[]) => void;
}

/** Any number of things of a kind. What is offered goes when one is chosen: it would cover a dialog's buttons. */
export function ManyPicker({ kind, space, filters, value, onChange, required, ...rest }: ManyProps) {
  const [isOpen, setOpen] = useState(false);
  const { offered, setWords } = useOffered(kind, space, value, filters);
  return (
    <MultiSelect
      {...rest}
      searchable
      clearable
      required={required && value.length === 0}
      withAsterisk={false}
      data={offered.map(optionOf)}
      value={[...value]}
      onChange={onChange}
      onSearchChange={setWords}
      dropdownOpened={isOpen}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      onOptionSubmit={() => setOpen(false)}
      filter={({ options }) => options}
      nothingFoundMessage="Nothing has such a name"
      maxDropdownHeight={280}
      hidePickedOptions
    />
  );
}

function useOffered(kind: ThingKind, space: string, ids: readonly string[], filters?: Record<string, string>) {
  const [words, setWords] = useState("");
  const [sought] = useDebouncedValue(words, 200);
  const chosen = useQuery(namedQuery(kind, space, ids)).data ?? [];
  // The chosen one's name stands in the field and is no search.
  const isName = ids.length === 1 && chosen.some((one) => one.Name === sought);
  const found = useQuery(thingsQuery(kind, space, isName ? "" : sought.trim(), filters)).data ?? [];
  const missing = ids.filter((id) => !found.some((one) => one.Id === id));
  const shown = missing.map((id) => chosen.find((one) => one.Id === id) ?? { Id: id, Name: id });
  return { offered: [...shown, ...found], setWords };
}

function optionOf(thing: Thing) {
  return { value: thing.Id, label: thing.Name };
}
