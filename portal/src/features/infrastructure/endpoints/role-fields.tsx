import { Checkbox, NumberInput, TextInput } from "@mantine/core";
import type { Fields } from "@/lib/use-form";

/** A role at Amazon that is taken on after signing in; the same words for clusters of both kinds. */
export interface AssumedRole {
  AssumeRole?: boolean | null;
  AssumedRoleArn?: string | null;
  AssumedRoleSession?: string | null;
  AssumeRoleSessionDurationSeconds?: number | null;
  AssumeRoleExternalId?: string | null;
}

export function RoleFields({ form }: { form: Fields<AssumedRole> }) {
  return (
    <>
      <Checkbox label="Take on another role" {...form.check("AssumeRole")} />
      {form.value.AssumeRole && (
        <>
          <TextInput label="Role" placeholder="arn:aws:iam::…:role/…" {...form.field("AssumedRoleArn")} />
          <TextInput label="Name of the session" {...form.field("AssumedRoleSession")} />
          <NumberInput
            label="Length of the session in seconds"
            min={900}
            max={43200}
            value={form.value.AssumeRoleSessionDurationSeconds ?? ""}
            onChange={(seconds) =>
              form.set({ AssumeRoleSessionDurationSeconds: typeof seconds === "number" ? seconds : null })
            }
            error={form.fault("AssumeRoleSessionDurationSeconds")}
          />
          <TextInput label="External id" {...form.field("AssumeRoleExternalId")} />
        </>
      )}
    </>
  );
}
