import { Button, FileButton, Group, Input, PasswordInput, Text, Textarea } from "@mantine/core";
import { type ReactNode, useRef, useState } from "react";
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
  const untyped = useUntyped(value);
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
        onChange={(event) => onChange(typed(event.currentTarget.value) ?? untyped)}
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

function typed(text: string): Secret | null {
  return text === "" ? null : { HasValue: true, NewValue: text, Hint: null };
}

/** What was there before something was typed: who takes back all of it has changed nothing. */
function useUntyped(value: Secret | null | undefined): Secret | null {
  const untyped = useRef<Secret | null>(null);
  if (value?.NewValue == null) untyped.current = value ?? null;
  return untyped.current;
}

/** The same for a file: it is sent as base64. What is `pasteable` is a text, such as a key in PEM form. */
export function SecretFileField({
  label,
  description,
  value,
  onChange,
  error,
  pasteable,
}: Props & { pasteable?: boolean }) {
  const [pasted, setPasted] = useState<string | null>(null);
  const isNew = value?.NewValue != null;
  const untyped = useUntyped(value);
  const state = isNew
    ? pasted
      ? "The text is taken."
      : "A new file is chosen."
    : value?.HasValue
      ? "It is set."
      : "None yet.";
  const put = (encoded: string) => onChange({ HasValue: true, NewValue: encoded, Hint: null });
  const take = async (file: File | null) => {
    if (!file) return;
    put(await base64Of(file));
    setPasted(null);
  };
  const paste = async (text: string) => {
    setPasted(text);
    if (text.trim()) put(await base64Of(new Blob([text])));
    else onChange(untyped);
  };
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <Group gap="sm" mt={4}>
        <FileButton onChange={take}>
          {(props) => (
            <Button variant="default" aria-label={`${label}: choose a file`} {...props}>
              {value?.HasValue ? "Choose another file" : "Choose a file"}
            </Button>
          )}
        </FileButton>
        {pasteable && pasted === null && (
          <Button variant="subtle" onClick={() => setPasted("")}>
            Paste its text
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status">
          {state}
        </Text>
      </Group>
      {pasted !== null && (
        <Textarea
          aria-label={`${label}: text`}
          mt="xs"
          autosize
          minRows={4}
          maxRows={10}
          spellCheck={false}
          autoComplete="off"
          value={pasted}
          error={Boolean(error)}
          onChange={(event) => void paste(event.currentTarget.value)}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.75rem" } }}
        />
      )}
    </Input.Wrapper>
  );
}

export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
