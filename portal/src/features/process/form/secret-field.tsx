import { Button, Group, PasswordInput, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { Secret } from "../model/document";

interface Props {
  label: string;
  description?: ReactNode;
  value: Secret | null;
  onChange: (text: string) => void;
  readOnly?: boolean;
}

/** A secret is written and never shown: one that is stored can be replaced. */
export function SecretField({ label, description, value, onChange, readOnly }: Props) {
  const [replaces, setReplaces] = useState(false);
  const isStored = value?.HasValue === true && value.NewValue === null;
  if (isStored && !replaces) {
    return (
      <Group gap="sm">
        <div>
          <Text size="sm" fw={500}>
            {label}
          </Text>
          <Text size="sm" c="dimmed">
            A value is stored. Nobody can read it.
          </Text>
        </div>
        {!readOnly && (
          <Button size="xs" variant="default" onClick={() => setReplaces(true)} aria-label={`Replace ${label}`}>
            Replace
          </Button>
        )}
      </Group>
    );
  }
  return (
    <PasswordInput
      label={label}
      description={description}
      autoComplete="new-password"
      value={value?.NewValue ?? ""}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
