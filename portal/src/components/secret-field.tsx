import { Button, FileButton, Group, Input, PasswordInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Shape } from "@/api/client";

type Secret = Shape<"SensitiveValue">;

interface Props {
  label: string;
  description?: ReactNode;
  value: Secret | null | undefined;
  onChange: (value: Secret | null) => void;
  error?: string;
  required?: boolean;
}

/** A secret that can be set and replaced, and is never shown. */
export function SecretField({ label, description, value, onChange, error, required }: Props) {
  const isKept = Boolean(value?.HasValue) && value?.NewValue == null;
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <PasswordInput
        label={label}
        description={description}
        error={error}
        required={required && !isKept}
        withAsterisk={false}
        autoComplete="new-password"
        placeholder={isKept ? "Is set; type to replace it" : undefined}
        value={value?.NewValue ?? ""}
        onChange={(event) => onChange(typed(event.currentTarget.value, value))}
        style={{ flex: 1 }}
      />
      {isKept && !required && (
        <Button variant="default" onClick={() => onChange({ HasValue: false, NewValue: null, Hint: null })}>
          Remove
        </Button>
      )}
    </Group>
  );
}

function typed(text: string, before: Secret | null | undefined): Secret {
  if (text === "") return { HasValue: Boolean(before?.HasValue), NewValue: null, Hint: null };
  return { HasValue: true, NewValue: text, Hint: null };
}

/** The same for a file: it is sent as base64. */
export function SecretFileField({ label, description, value, onChange, error }: Props) {
  const isNew = value?.NewValue != null;
  const state = isNew ? "A new file is chosen." : value?.HasValue ? "A file is set." : "No file yet.";
  const take = async (file: File | null) => {
    if (file) onChange({ HasValue: true, NewValue: await base64Of(file), Hint: null });
  };
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <Group gap="sm" mt={4}>
        <FileButton onChange={take}>
          {(props) => (
            <Button variant="default" {...props}>
              {value?.HasValue ? "Choose another file" : "Choose a file"}
            </Button>
          )}
        </FileButton>
        <span style={{ fontSize: "0.8125rem", color: "var(--mantine-color-dimmed)" }}>{state}</span>
      </Group>
    </Input.Wrapper>
  );
}

export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
