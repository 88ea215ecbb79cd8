import { ActionIcon, Button, Group, MultiSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { spacesQuery } from "@/api/session";
import type { Fields } from "@/lib/use-form";
import machines from "../machines/machines.module.css";
import { PARTS_OF, PURPOSES, subjectPattern } from "./subjects";
import type { Account } from "./types";

/** What the tokens say that this server issues for the account, and how the other side sees it. */
export function OidcFields({ space, form }: { space: string; form: Fields<Account> }) {
  const here = useQuery(spacesQuery).data?.find((one) => one.Id === space);
  const slugs = { space: here?.Slug, account: form.value.Slug };
  return (
    <Stack>
      <TextInput label="Audience" placeholder="As the cloud expects it" {...form.field("Audience")} />
      {PURPOSES.map(({ field, purpose, label }) => (
        <div key={field}>
          <MultiSelect
            label={`Subject: ${label}`}
            placeholder={(form.value[field] ?? []).length === 0 ? "The usual parts" : undefined}
            clearable
            data={[...PARTS_OF[purpose]]}
            value={form.value[field] ?? []}
            onChange={(keys) => form.set({ [field]: keys })}
            error={form.fault(field)}
          />
          <Text size="xs" c="dimmed" mt={4} className={machines.mono}>
            {subjectPattern(form.value[field], purpose, slugs)}
          </Text>
        </div>
      ))}
      <Claims value={form.value.CustomClaims ?? {}} onChange={(claims) => form.set({ CustomClaims: claims })} />
    </Stack>
  );
}

interface ClaimsProps {
  value: Record<string, string>;
  onChange: (claims: Record<string, string>) => void;
}

/** Further claims of the tokens. */
function Claims({ value, onChange }: ClaimsProps) {
  const entries = Object.entries(value);
  const put = (index: number, entry: [string, string] | null) =>
    onChange(Object.fromEntries(entries.flatMap((old, at) => (at !== index ? [old] : entry ? [entry] : []))));
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        Further claims
      </Text>
      {entries.map(([name, text], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the name is being typed
        <Group key={index} gap="xs" wrap="nowrap">
          <TextInput
            aria-label="Name of the claim"
            placeholder="name"
            value={name}
            onChange={(event) => put(index, [event.currentTarget.value, text])}
            style={{ flex: 1 }}
          />
          <TextInput
            aria-label={`Value of ${name || "the claim"}`}
            placeholder="value"
            value={text}
            onChange={(event) => put(index, [name, event.currentTarget.value])}
            style={{ flex: 1 }}
          />
          <ActionIcon aria-label={`Remove ${name || "the claim"}`} onClick={() => put(index, null)}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={"" in value}
          onClick={() => onChange({ ...value, "": "" })}
        >
          Add a claim
        </Button>
      </div>
    </Stack>
  );
}
