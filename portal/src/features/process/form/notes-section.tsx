import { Textarea } from "@mantine/core";
import type { ActionFormProps } from "./context";
import { Section } from "./section";

/** Free words for those who read the process. */
export function NotesSection({ action, change }: ActionFormProps) {
  const notes = action.Notes ?? "";
  return (
    <Section title="Notes" summary={notes.split("\n")[0] || "None"}>
      <Textarea
        label="Notes"
        description="Markdown, shown to everybody who looks at the process."
        autosize
        minRows={3}
        value={notes}
        onChange={(event) => {
          const { value } = event.currentTarget;
          change((old) => ({ ...old, Notes: value || null }), "notes");
        }}
      />
    </Section>
  );
}
