import { Button, FileButton, Text } from "@mantine/core";
import { IconCertificate } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import { base64Of } from "@/components/secret-field";
import classes from "./file-drop.module.css";

interface Props {
  /** The file's name, when one is chosen. */
  name: string | null;
  error?: string;
  onChoose: (name: string, encoded: string) => void;
}

/** A certificate's file, dropped here or chosen. */
export function FileDrop({ name, error, onChoose }: Props) {
  const [isOver, setOver] = useState(false);
  const take = async (file: File | null | undefined) => {
    if (file) onChoose(file.name, await base64Of(file));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a place to drop; the button beside does the same by keyboard */}
      <div
        className={classes.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconCertificate size={20} stroke={1.6} aria-hidden />
        <Text size="sm" role="status">
          {name ?? "Drop a PFX, PEM or DER file here, or"}
        </Text>
        <FileButton onChange={take}>
          {(props) => (
            <Button size="compact-sm" variant="default" {...props}>
              {name ? "Choose another file" : "Choose a file"}
            </Button>
          )}
        </FileButton>
      </div>
      {error && (
        <Text size="xs" c="var(--mantine-color-error)" mt={4}>
          {error}
        </Text>
      )}
    </div>
  );
}
