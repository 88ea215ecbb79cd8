import { Checkbox, Group, Select, Stack } from "@mantine/core";
import type { TagScope, TagSet } from "@/api/tag-sets";
import type { Form } from "@/lib/use-form";
import { SCOPES, TYPES } from "./model";

/** How many tags of the set something has, and what they are for. */
export function KindFields({ form }: { form: Form<TagSet> }) {
  return (
    <Stack gap="md">
      <Select
        label="Choice"
        description={TYPES.find((one) => one.value === form.value.Type)?.about}
        allowDeselect={false}
        data={TYPES}
        value={form.value.Type}
        onChange={(type) => type && form.set({ Type: type as TagSet["Type"] })}
        error={form.fault("Type")}
        maw={380}
      />
      <Checkbox.Group
        label="The tags are for"
        value={form.value.Scopes}
        onChange={(scopes) => form.set({ Scopes: scopes as TagScope[] })}
        error={form.fault("Scopes")}
      >
        <Group gap="md" mt={6}>
          {SCOPES.map((one) => (
            <Checkbox key={one.value} value={one.value} label={one.label} />
          ))}
        </Group>
      </Checkbox.Group>
    </Stack>
  );
}
