import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { ErrorNotice } from "@/components/error-notice";
import { Prose } from "@/components/markdown";
import { Notice } from "@/components/notice";
import { Ago } from "@/components/time";
import classes from "./interruption-panel.module.css";
import {
  type Answers,
  type Form,
  formOf,
  type Interruption,
  useAnswer,
  userQuery,
  useTakeResponsibility,
} from "./interruptions";

type Element = Form["Elements"][number];
type Choice = NonNullable<Element["Control"]["Buttons"]>[number];

/** A question that the task puts to a person, and the place to answer it. */
export function InterruptionPanel({ space, asked }: { space: string; asked: Interruption }) {
  const [answers, setAnswers] = useState<Answers>({});
  const [doubt, setDoubt] = useState<Choice | null>(null);
  const form = formOf(asked);
  const answering = useAnswer(space, asked);
  const isOthers = asked.ResponsibleUserId !== null && !asked.HasResponsibility;
  const mayAnswer = asked.HasResponsibility || (asked.CanTakeResponsibility && !isOthers);
  const buttons = form.Elements.find((element) => element.Control.Type === "SubmitButtonGroup");
  const submit = (choice: Choice) => {
    setDoubt(null);
    answering.mutate({ ...answers, [buttons?.Name ?? "Result"]: choice.Value });
  };
  return (
    <section className={classes.panel} aria-label={asked.Title}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <IconHandStop size={20} className={classes.sign} aria-hidden />
        <Stack gap="md" flex={1} miw={0}>
          <div>
            <Text fw={600}>{asked.Title}</Text>
            <Responsibility space={space} asked={asked} isOthers={isOthers} />
          </div>
          {form.Elements.map((element) => (
            <Part key={element.Name} element={element} answers={answers} onAnswers={setAnswers} disabled={!mayAnswer} />
          ))}
          {answering.isError && <ErrorNotice error={answering.error} title="The answer was not taken" />}
          {buttons && mayAnswer && (
            <Group gap="xs">
              {choicesOf(buttons).map((choice) => (
                <Button
                  key={choice.Value}
                  variant={choice === usualOf(choicesOf(buttons)) ? "filled" : "default"}
                  loading={answering.isPending}
                  onClick={() => (choice.RequiresConfirmation ? setDoubt(choice) : submit(choice))}
                >
                  {choice.Text}
                </Button>
              ))}
            </Group>
          )}
        </Stack>
      </Group>
      <Confirm
        opened={doubt !== null}
        title={`${doubt?.Text}?`}
        action={doubt?.Text ?? ""}
        danger
        onConfirm={() => doubt && submit(doubt)}
        onClose={() => setDoubt(null)}
      >
        {consequenceOf(doubt?.Value)}
      </Confirm>
    </section>
  );
}

/** What most people choose: after a failure to try again, else what comes first. */
function usualOf(choices: Choice[]): Choice | undefined {
  return choices.find((choice) => choice.Value === "Retry") ?? choices[0];
}

function consequenceOf(choice: string | null | undefined) {
  if (choice === "Exclude") return "The target takes no further part in this deployment. The others go on.";
  if (choice === "Ignore") return "The step counts as done, with a warning. What comes after it runs.";
  return "The task ends as failed at this step. Steps that run whatever happens still run.";
}

function choicesOf(element: Element): Choice[] {
  return element.Control.Buttons ?? [];
}

interface PartProps {
  element: Element;
  answers: Answers;
  onAnswers: (answers: Answers) => void;
  disabled: boolean;
}

function Part({ element, answers, onAnswers, disabled }: PartProps) {
  const { Control } = element;
  if (Control.Type === "Paragraph") return Control.Text ? <Prose text={Control.Text} /> : null;
  if (Control.Type !== "TextArea" || disabled) return null;
  return (
    <Textarea
      label={Control.Label ?? element.Name}
      autosize
      minRows={2}
      maxRows={8}
      maw={640}
      required={element.IsValueRequired}
      value={answers[element.Name] ?? ""}
      onChange={(event) => onAnswers({ ...answers, [element.Name]: event.currentTarget.value })}
    />
  );
}

function Responsibility({ space, asked, isOthers }: { space: string; asked: Interruption; isOthers: boolean }) {
  const taking = useTakeResponsibility(space, asked);
  const who = useQuery({ ...userQuery(asked.ResponsibleUserId ?? ""), enabled: isOthers });
  const name = who.data?.DisplayName ?? "Somebody else";
  return (
    <Group gap={8}>
      <Text size="sm" c="dimmed">
        Asked {asked.Created && <Ago at={asked.Created} />}. {asked.HasResponsibility && "You have taken it on."}
        {isOthers && `${name} has taken it on.`}
        {!asked.HasResponsibility && !isOthers && "Nobody has taken it on yet."}
      </Text>
      {asked.CanTakeResponsibility && (
        <Button size="compact-xs" variant="default" loading={taking.isPending} onClick={() => taking.mutate()}>
          {isOthers ? "Take it over" : "Take it on"}
        </Button>
      )}
      {!asked.CanTakeResponsibility && !asked.HasResponsibility && !isOthers && (
        <Text size="sm">Only members of the responsible teams may answer.</Text>
      )}
      {taking.isError && <ErrorNotice error={taking.error} />}
    </Group>
  );
}

/** What was asked and answered before, in a line. */
export function AnsweredInterruption({ asked }: { asked: Interruption }) {
  const values = formOf(asked).Values;
  const who = useQuery({ ...userQuery(asked.ResponsibleUserId ?? ""), enabled: asked.ResponsibleUserId !== null });
  const chosen = values.Guidance ?? values.Result;
  if (!chosen) return null;
  return (
    <Notice tone="idle" icon={IconHandStop}>
      <Text size="sm">
        {asked.Title}: {who.data?.DisplayName ?? "somebody"} chose <b>{chosen}</b>
        {values.Notes ? <> and noted “{values.Notes}”</> : "."}
      </Text>
    </Notice>
  );
}
