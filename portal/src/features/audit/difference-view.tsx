import { Badge, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { CodeEditor } from "@/components/code/code-editor";
import classes from "./audit.module.css";
import { type Change, changed, changesOf, textOf } from "./differences";
import { TextDiff } from "./text-diff";

const VIEWS = [
  { value: "places", label: "What changed" },
  { value: "document", label: "Whole document" },
];

/** What a change did to a document: place by place, or as two versions of the whole. */
export function DifferenceView({ details }: { details: Shape<"ChangeDetails"> }) {
  const [view, setView] = useState("places");
  const document = details.DocumentContext ?? {};
  if (details.Differences.length === 0) return <AsItWas document={document} />;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={600}>Difference</Text>
        <SegmentedControl size="xs" aria-label="How to show it" data={VIEWS} value={view} onChange={setView} />
      </Group>
      {view === "places" ? (
        <div className={classes.changes}>
          {changesOf(details).map((change, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same place may be changed twice
            <ChangeBox key={index} change={change} />
          ))}
        </div>
      ) : (
        <TextDiff
          label="The whole document"
          before={textOf(document)}
          after={textOf(changed(document, details.Differences))}
        />
      )}
    </Stack>
  );
}

const COLORS = { added: "green", removed: "red", changed: "gray" } as const;
const WORDS = { added: "Added", removed: "Removed", changed: "Changed" } as const;

function ChangeBox({ change }: { change: Change }) {
  const label = change.path.join(" › ");
  return (
    <section className={classes.change} aria-label={label}>
      <Group gap="xs">
        <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
          {label}
        </Text>
        <Badge color={COLORS[change.kind]}>{WORDS[change.kind]}</Badge>
        {change.isSecret && <Badge color="yellow">Secret, its text is not kept here</Badge>}
      </Group>
      {!change.isSecret && (
        <TextDiff label={`${label}, before and after`} before={change.before ?? ""} after={change.after ?? ""} />
      )}
    </section>
  );
}

/** Of something that was made or deleted: there is one version only. */
function AsItWas({ document }: { document: Record<string, unknown> }) {
  return (
    <Stack gap="xs">
      <Text fw={600}>The document</Text>
      <CodeEditor label="The document" language="json" readOnly value={textOf(document)} maxHeight={360} />
    </Stack>
  );
}
