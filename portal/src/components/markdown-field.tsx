import { Group, SegmentedControl, Text, Textarea } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";
import { Prose } from "./markdown";
import classes from "./markdown-field.module.css";

interface Props {
  label: string;
  description?: ReactNode;
  value: string;
  onChange: (event: { currentTarget: { value: string } }) => void;
  error?: string;
  minRows?: number;
}

/** A text in Markdown, with a look at how it will be shown. */
export function MarkdownField({ label, description, value, onChange, error, minRows = 4 }: Props) {
  const [isPreview, setPreview] = useState(false);
  const id = useId();
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text component="label" htmlFor={id} size="sm" fw={500}>
          {label}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="Write or preview"
          data={[
            { value: "write", label: "Write" },
            { value: "preview", label: "Preview" },
          ]}
          value={isPreview ? "preview" : "write"}
          onChange={(next) => setPreview(next === "preview")}
        />
      </Group>
      {isPreview ? (
        <div className={classes.preview}>
          {value.trim() === "" ? (
            <Text size="sm" c="dimmed">
              Nothing is written yet.
            </Text>
          ) : (
            <Prose text={value} />
          )}
        </div>
      ) : (
        <Textarea
          id={id}
          description={description}
          autosize
          minRows={minRows}
          maxRows={18}
          value={value}
          onChange={onChange}
          error={error}
        />
      )}
    </div>
  );
}
