import { Combobox, Pill, PillsInput, useCombobox } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { type Chip, type Dimension, manyOfDimension, OFFERED, type ScopeNames, wordOfDimension } from "../model/scope";
import { KeyBox } from "./roles";

interface Props {
  label: string;
  names: ScopeNames;
  /** Without those that the variables of a library set cannot be scoped to. */
  offered?: readonly Dimension[];
  value: readonly Chip[];
  onChange: (chips: Chip[]) => void;
  onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  onBlur?: () => void;
  autoFocus?: boolean;
  /** Without a frame of its own, within a cell. */
  bare?: boolean;
  placeholder?: string;
}

/** How many of a dimension are offered at once; words narrow them. */
const MOST = 12;

/** Chooses what a value is scoped to: by typing, among the things of all dimensions. */
export function ScopeEditor({ label, names, offered = OFFERED, value, onChange, ...props }: Props) {
  const [words, setWords] = useState("");
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() });
  const groups = groupsOf(names, offered, value, words);
  const toggle = (key: string) => {
    const isTaken = value.some((chip) => keyOf(chip) === key);
    const found = groups.flatMap((group) => group.chips).find((chip) => keyOf(chip) === key);
    if (isTaken) onChange(value.filter((chip) => keyOf(chip) !== key));
    else if (found) onChange([...value, found]);
    setWords("");
    box.resetSelectedOption();
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    const last = value.at(-1);
    if (event.key === "Backspace" && words === "" && last) {
      event.preventDefault();
      onChange(value.slice(0, -1));
    }
  };
  // The first Escape closes the list and keeps what was chosen; the next one leaves.
  const before = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape" && box.dropdownOpened) {
      event.preventDefault();
      event.stopPropagation();
      box.closeDropdown();
    } else if (words === "" || event.key !== "Enter") props.onKeyDown?.(event);
  };
  return (
    <KeyBox onKeyDownCapture={before}>
      <Combobox store={box} onOptionSubmit={toggle} position="bottom-start" width={300} shadow="md">
        <Combobox.DropdownTarget>
          <PillsInput
            size="xs"
            variant={props.bare ? "unstyled" : "default"}
            px={props.bare ? 6 : undefined}
            onClick={() => box.openDropdown()}
          >
            <Pill.Group gap={4}>
              {value.map((chip) => (
                <Pill
                  key={keyOf(chip)}
                  withRemoveButton
                  onRemove={() => toggle(keyOf(chip))}
                  removeButtonProps={{ "aria-label": `Remove ${chip.word}`, tabIndex: -1, onMouseDown: keepFocus }}
                  title={`${wordOfDimension(chip.dimension)}: ${chip.word}`}
                >
                  {chip.word}
                </Pill>
              ))}
              <Combobox.EventsTarget>
                <PillsInput.Field
                  aria-label={label}
                  placeholder={value.length === 0 ? (props.placeholder ?? "Environments, tags, steps…") : undefined}
                  value={words}
                  autoFocus={props.autoFocus}
                  onFocus={() => box.openDropdown()}
                  onBlur={() => {
                    box.closeDropdown();
                    props.onBlur?.();
                  }}
                  onKeyDown={keys}
                  onChange={(event) => {
                    setWords(event.currentTarget.value);
                    box.openDropdown();
                    box.updateSelectedOptionIndex();
                    if (event.currentTarget.value !== "") requestAnimationFrame(() => box.selectFirstOption());
                  }}
                />
              </Combobox.EventsTarget>
            </Pill.Group>
          </PillsInput>
        </Combobox.DropdownTarget>
        <Combobox.Dropdown>
          <Combobox.Options mah={300} style={{ overflowY: "auto" }}>
            {groups.length === 0 && <Combobox.Empty>Nothing has such a name.</Combobox.Empty>}
            {groups.map((group) => (
              <Combobox.Group key={group.dimension} label={manyOfDimension(group.dimension)}>
                {group.chips.map((chip) => (
                  <Combobox.Option key={keyOf(chip)} value={keyOf(chip)}>
                    {chip.word}
                  </Combobox.Option>
                ))}
                {group.more > 0 && <Combobox.Empty>{group.more} more: type to find them.</Combobox.Empty>}
              </Combobox.Group>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </KeyBox>
  );
}

function keepFocus(event: { preventDefault: () => void }) {
  event.preventDefault();
}

function keyOf(chip: Chip): string {
  return `${chip.dimension}/${chip.id}`;
}

interface Group {
  dimension: Dimension;
  chips: Chip[];
  more: number;
}

/** What the words fit, by dimension; the words may name the dimension, too, as in `env prod`. */
function groupsOf(names: ScopeNames, offered: readonly Dimension[], taken: readonly Chip[], words: string): Group[] {
  const sought = words.trim().toLowerCase().split(/\s+/);
  const gone = new Set(taken.map(keyOf));
  return offered.flatMap((dimension) => {
    const heading = wordOfDimension(dimension).toLowerCase();
    const fitting = (names.choices.get(dimension) ?? []).filter((chip) => {
      const word = chip.word.toLowerCase();
      return !gone.has(keyOf(chip)) && sought.every((one) => word.includes(one) || heading.startsWith(one));
    });
    if (fitting.length === 0) return [];
    return [{ dimension, chips: fitting.slice(0, MOST), more: Math.max(0, fitting.length - MOST) }];
  });
}
