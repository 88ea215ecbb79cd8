import { ActionIcon, CopyButton, Group, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import classes from "./copyable.module.css";

/** A command or an address with a button that copies it; long ones wrap. */
export function Copyable({ text, label }: { text: string; label: string }) {
  return (
    <Group wrap="nowrap" gap={4} align="flex-start" className={classes.box}>
      <code className={classes.text}>{text}</code>
      <CopyButton value={text} timeout={2000}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? "Copied" : "Copy"}>
            <ActionIcon onClick={copy} aria-label={copied ? `${label}: copied` : `Copy ${label}`}>
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
