import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { Confirm } from "@/components/confirm";
import { ActionButton, useMay } from "@/components/permitted";
import { useLeaveGuard } from "@/lib/use-leave-guard";
import type { Overwrite } from "./pushing";
import classes from "./upload-area.module.css";
import { hasEnded, summaryOf } from "./upload-queue";
import { UploadRow } from "./upload-row";
import { useUploads } from "./use-uploads";

const MODES: { value: Overwrite; label: string }[] = [
  { value: "FailIfExists", label: "Refuse a version that is there" },
  { value: "OverwriteExisting", label: "Replace a version that is there" },
  { value: "IgnoreIfExists", label: "Keep a version that is there" },
];

/** Where packages are dropped or chosen, and what becomes of them. */
export function UploadArea({ space }: { space: string }) {
  const { uploads, add, cancel, again, clear } = useUploads(space);
  const [mode, setMode] = useState<Overwrite>("FailIfExists");
  const leaving = useLeaveGuard(uploads.some((one) => !hasEnded(one)));
  return (
    <Stack gap="xs" mb="md">
      <DropArea space={space} mode={mode} onMode={setMode} onFiles={(files) => add(files, mode)} />
      {uploads.length > 0 && (
        <section className={classes.list} aria-label="Uploads">
          <Group justify="space-between" className={classes.head}>
            <Text size="sm" fw={500} role="status">
              {summaryOf(uploads)}
            </Text>
            {uploads.some(hasEnded) && (
              <Button size="compact-xs" variant="subtle" color="gray" onClick={clear}>
                Clear what has ended
              </Button>
            )}
          </Group>
          {uploads.map((upload) => (
            <UploadRow
              key={upload.key}
              space={space}
              upload={upload}
              onCancel={() => cancel(upload)}
              onAgain={(overwrite) => again(upload, overwrite)}
            />
          ))}
        </section>
      )}
      <Confirm
        opened={leaving.isHeld}
        title="Leave while files are sent?"
        action="Leave"
        danger
        onConfirm={leaving.leave}
        onClose={leaving.stay}
      >
        The files that are not stored yet are not sent any further.
      </Confirm>
    </Stack>
  );
}

interface DropProps {
  space: string;
  mode: Overwrite;
  onMode: (mode: Overwrite) => void;
  onFiles: (files: File[]) => void;
}

function DropArea({ space, mode, onMode, onFiles }: DropProps) {
  const need = { permission: "BuiltInFeedPush", space };
  const isAllowed = useMay(need);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (isAllowed) onFiles([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has no keyboard form; the button within chooses files
    <div
      className={classes.area}
      data-over={(over && isAllowed) || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Group gap="sm">
        <IconUpload size={20} aria-hidden />
        <Text size="sm">
          Drop packages here, named like <b>Hello.Web.1.0.0.zip</b>
        </Text>
        <ActionButton size="compact-sm" variant="default" need={need} onClick={() => input.current?.click()}>
          Choose files
        </ActionButton>
      </Group>
      <Select
        aria-label="What happens to a version that is there"
        size="xs"
        w={230}
        allowDeselect={false}
        data={MODES}
        value={mode}
        onChange={(value) => value && onMode(value as Overwrite)}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Package files"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}
