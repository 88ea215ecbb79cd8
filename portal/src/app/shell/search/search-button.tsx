import { ActionIcon, Kbd, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import classes from "../shell.module.css";

const MODIFIER = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

export function SearchButton({ onOpen }: { onOpen: () => void }) {
  return (
    <UnstyledButton className={classes.search} onClick={onOpen} aria-keyshortcuts="Control+K">
      <IconSearch size={16} aria-hidden />
      <span>Search or jump to…</span>
      <Kbd size="xs" aria-hidden>
        {MODIFIER} K
      </Kbd>
    </UnstyledButton>
  );
}

/** Where there is room for no more. */
export function SearchIcon({ onOpen }: { onOpen: () => void }) {
  return (
    <ActionIcon size="lg" onClick={onOpen} aria-label="Search or jump to">
      <IconSearch size={20} />
    </ActionIcon>
  );
}
