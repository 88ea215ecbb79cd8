import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { ApiError, sentenceOf } from "@/api/errors";
import { StateIcon } from "@/components/state";
import { sizeOf } from "@/lib/time";
import classes from "./upload-area.module.css";
import { type Upload, useUploads } from "./use-uploads";

/** Where packages are dropped or chosen, and what becomes of them. */
export function UploadArea({ space }: { space: string }) {
  const { uploads, add, replace, clear } = useUploads(space);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void add([...event.dataTransfer.files]);
  };
  return (
    <Stack gap="xs" mb="md">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping has no keyboard form; the button within chooses files */}
      <div
        className={classes.area}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconUpload size={20} aria-hidden />
        <Text size="sm">
          Drop packages here, named like <b>Hello.Web.1.0.0.zip</b>
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => input.current?.click()}>
          Choose files
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Package files"
          onChange={(event) => {
            void add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
      </div>
      {uploads.map((upload) => (
        <UploadRow key={upload.key} upload={upload} onReplace={() => replace(upload)} />
      ))}
      {uploads.some((one) => one.pushed || one.error) && (
        <Group justify="flex-end">
          <Button size="compact-xs" variant="subtle" color="gray" onClick={clear}>
            Clear this list
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function UploadRow({ upload, onReplace }: { upload: Upload; onReplace: () => void }) {
  const { file, error, pushed } = upload;
  const exists = error instanceof ApiError && error.status === 409;
  return (
    <div className={classes.upload} role="status">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <StateIcon of={error ? "failed" : pushed ? "success" : "running"} size={16} />
        <div className={classes.words}>
          <Text size="sm" fw={500}>
            {pushed ? `${pushed.PackageId} ${pushed.Version}` : file.name}{" "}
            <Text span size="xs" c="dimmed">
              {sizeOf(file.size)}
            </Text>
          </Text>
          {error ? (
            <Text size="sm" c="red">
              {sentenceOf(error)}
            </Text>
          ) : (
            !pushed && <Progress value={upload.share * 100} size="sm" mt={6} aria-label={`Sending ${file.name}`} />
          )}
        </div>
        {exists && (
          <Button size="compact-sm" variant="default" onClick={onReplace}>
            Replace it
          </Button>
        )}
      </Group>
    </div>
  );
}
