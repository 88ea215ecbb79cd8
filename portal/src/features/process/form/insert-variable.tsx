import { ActionIcon, Combobox, Text, useCombobox } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useState } from "react";
import { useEditing } from "./context";

const MOST = 60;

/** Offers the names of variables, and gives the one chosen as `#{Name}`. */
export function InsertVariable({ onInsert }: { onInsert: (text: string) => void }) {
  const { variables, readOnly } = useEditing();
  const [words, setWords] = useState("");
  const box = useCombobox({
    onDropdownClose: () => setWords(""),
    onDropdownOpen: () => box.focusSearchInput(),
  });
  if (readOnly) return null;
  const sought = words.trim().toLowerCase();
  const fitting = box.dropdownOpened ? variables.filter(({ name }) => name.toLowerCase().includes(sought)) : [];
  const choose = (name: string) => {
    onInsert(`#{${name}}`);
    box.closeDropdown();
  };
  return (
    <Combobox store={box} onOptionSubmit={choose} width={300} position="bottom-end">
      <Combobox.Target targetType="button">
        <ActionIcon size="sm" aria-label="Insert a variable" onClick={() => box.toggleDropdown()}>
          <IconBraces size={15} />
        </ActionIcon>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          placeholder="Find a variable"
          aria-label="Find a variable"
        />
        <Combobox.Options mah={260} style={{ overflowY: "auto" }}>
          {fitting.length === 0 && <Combobox.Empty>No variable has such a name.</Combobox.Empty>}
          {fitting.slice(0, MOST).map(({ name, about }) => (
            <Combobox.Option key={name} value={name}>
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {name}
              </Text>
              {about && (
                <Text size="xs" c="dimmed">
                  {about}
                </Text>
              )}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** For inputs of text: the button that appends a variable to what is written. */
export function useInsert(value: string, set: (text: string) => void) {
  const { readOnly } = useEditing();
  return readOnly ? null : <InsertVariable onInsert={(text) => set(value + text)} />;
}
