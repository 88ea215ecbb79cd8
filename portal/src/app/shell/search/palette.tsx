import { Loader, Modal, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { sentenceOf } from "@/api/errors";
import { useSpace } from "@/lib/use-space";
import classes from "./palette.module.css";
import { rememberJump } from "./recent";
import type { Jump } from "./results";
import { useJumps } from "./use-jumps";

/** Type a few letters, arrow to what is meant, Enter: any thing of the space and any screen. */
export function Palette({ onClose }: { onClose: () => void }) {
  const space = useSpace();
  const router = useRouter();
  const list = useId();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const { jumps, isSearching, error } = useJumps(space, words);
  const chosen = jumps[Math.min(at, jumps.length - 1)];
  const idOf = (jump: Jump) => `${list}-${jump.key}`;
  const go = (jump: Jump) => {
    rememberJump(space, { ...jump, key: `recent-${jump.href}`, group: "Recent" });
    onClose();
    void router.navigate({ href: jump.href });
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && jumps.length > 0) {
      event.preventDefault();
      setAt((old) => (Math.min(old, jumps.length - 1) + step + jumps.length) % jumps.length);
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      go(chosen);
    }
  };
  const chosenId = chosen && idOf(chosen);
  useEffect(() => {
    if (chosenId) document.getElementById(chosenId)?.scrollIntoView({ block: "nearest" });
  }, [chosenId]);
  return (
    <Modal.Root opened onClose={onClose} yOffset="12vh" size={560} padding={0}>
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content aria-label="Search or jump to">
        <TextInput
          className={classes.field}
          size="md"
          variant="unstyled"
          placeholder="Search or jump to…"
          aria-label="Search or jump to"
          role="combobox"
          aria-expanded={jumps.length > 0}
          aria-controls={list}
          aria-activedescendant={chosenId}
          aria-autocomplete="list"
          data-autofocus
          leftSection={<IconSearch size={18} />}
          rightSection={isSearching ? <Loader size={16} /> : null}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
        <div id={list} role="listbox" aria-label="What was found" className={classes.list}>
          {groupsOf(jumps).map(([heading, within]) => (
            // biome-ignore lint/a11y/useSemanticElements: a listbox takes groups of options, no fieldset
            <div key={heading} role="group" aria-label={heading}>
              <div className={classes.heading} aria-hidden>
                {heading}
              </div>
              {within.map((jump) => (
                <Line key={jump.key} id={idOf(jump)} jump={jump} isChosen={jump === chosen} onGo={() => go(jump)} />
              ))}
            </div>
          ))}
        </div>
        <Text size="sm" c={error ? "red" : "dimmed"} role="status" px="md" py={jumps.length > 0 && !error ? 0 : "md"}>
          {error ? sentenceOf(error) : jumps.length === 0 && !isSearching && "Nothing has this in its name."}
        </Text>
      </Modal.Content>
    </Modal.Root>
  );
}

function Line({ id, jump, isChosen, onGo }: { id: string; jump: Jump; isChosen: boolean; onGo: () => void }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard, and names this line as the active one
    // biome-ignore lint/a11y/useFocusableInteractive: dito
    <div id={id} role="option" aria-selected={isChosen} className={classes.line} onClick={onGo}>
      <span className={classes.word}>{jump.word}</span>
      {jump.more && <span className={classes.more}>{jump.more}</span>}
    </div>
  );
}

function groupsOf(jumps: readonly Jump[]): [string, Jump[]][] {
  const groups = new Map<string, Jump[]>();
  for (const jump of jumps) groups.set(jump.group, [...(groups.get(jump.group) ?? []), jump]);
  return [...groups];
}
