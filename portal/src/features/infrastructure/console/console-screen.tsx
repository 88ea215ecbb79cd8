import { Grid, Select, Stack, Textarea } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { CodeField } from "@/components/code/code-editor";
import { languageOfSyntax } from "@/components/code/languages";
import { FormFaults } from "@/components/form";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { useForm } from "@/lib/use-form";
import { useStartTask } from "../machines/api";
import { WhereFields } from "./where-fields";
import { argumentsOf, missingIn, NEW_SCRIPT, permissionFor, SYNTAXES, type Wish } from "./wish";

/** A script that is run once, now, on what is chosen; its log is that of its task. */
export function ScriptConsoleScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/console" });
  const starting = useStartTask(space);
  const [start] = useState(NEW_SCRIPT);
  const form = useForm<Wish>(start, starting.error);
  const navigate = useNavigate();
  const missing = missingIn(form.value);
  const run = () =>
    starting.mutate(
      {
        Name: "AdHocScript",
        Description: form.value.Description.trim() || undefined,
        Arguments: argumentsOf(form.value),
      },
      { onSuccess: (task) => navigate({ to: "/app/$space/tasks/$task", params: { space, task: task.Id } }) },
    );
  return (
    <Page
      title="Script console"
      description="Runs a script once, now. It may do whatever the agent's user may; the audit trail tells who ran it."
      actions={
        <ActionButton
          leftSection={<IconPlayerPlay size={16} />}
          need={permissionFor(form.value, space)}
          barred={missing ? `Say ${missing} first.` : null}
          loading={starting.isPending}
          onClick={run}
        >
          Run now
        </ActionButton>
      }
    >
      <Stack>
        <FormFaults form={form} title="The script was not started" />
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 4 }}>
            <Panel title="Where">
              <Stack>
                <WhereFields space={space} form={form} />
                <Textarea
                  label="What it is for"
                  description="Stands in the list of tasks."
                  autosize
                  minRows={2}
                  {...form.field("Description")}
                />
              </Stack>
            </Panel>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 8 }}>
            <Panel title="Script">
              <Stack>
                <Select
                  label="Language"
                  data={SYNTAXES}
                  allowDeselect={false}
                  w={220}
                  value={form.value.Syntax}
                  onChange={(syntax) => syntax && form.set({ Syntax: syntax })}
                  error={form.fault("Syntax")}
                />
                <CodeField
                  label="Script"
                  language={languageOfSyntax(form.value.Syntax)}
                  value={form.value.ScriptBody}
                  onChange={(text) => form.set({ ScriptBody: text })}
                  error={form.fault("ScriptBody")}
                  minHeight={320}
                  maxHeight={560}
                />
              </Stack>
            </Panel>
          </Grid.Col>
        </Grid>
      </Stack>
    </Page>
  );
}
