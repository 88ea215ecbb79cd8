import { Input } from "@mantine/core";
import { Prose } from "@/components/markdown";
import { ManyPicker } from "@/components/picker";
import { CodeArea } from "../form/code";
import { type ActionFormProps, useEditing } from "../form/context";
import { fieldsOf } from "../form/fields";
import { Section } from "../form/section";
import { INSTRUCTIONS, TEAMS } from "../model/properties";

/** Instructions that a person reads before the deployment goes on. */
export function ManualForm({ action, change }: ActionFormProps) {
  const { space } = useEditing();
  const fields = fieldsOf(action, change);
  const instructions = fields.value(INSTRUCTIONS);
  return (
    <Section title="What is asked" summary={instructions.split("\n")[0] || "No instructions yet"} open>
      <CodeArea
        label="Instructions"
        description="Markdown. The task waits until somebody says to proceed or to abort."
        language="markdown"
        placeholder="Look at **#{Octopus.Environment.Name}**: is the new page there?"
        minHeight={110}
        {...fields.code(INSTRUCTIONS)}
      />
      {instructions && (
        <Input.Wrapper label="As it will look" labelElement="div">
          <Prose text={instructions} />
        </Input.Wrapper>
      )}
      <ManyPicker
        kind="teams"
        space={space}
        label="Responsible teams"
        description="Only their members may answer, and nobody can skip the step. Without a team, who may deploy may answer."
        {...fields.list(TEAMS)}
      />
    </Section>
  );
}
