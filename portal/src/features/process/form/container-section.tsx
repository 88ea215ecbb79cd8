import { Text, TextInput } from "@mantine/core";
import { Picker } from "@/components/picker";
import type { Action } from "../model/document";
import { type ActionFormProps, useEditing } from "./context";
import classes from "./form.module.css";
import { Section } from "./section";

const NONE: NonNullable<Action["Container"]> = { Image: null, FeedId: null, GitUrl: null, Dockerfile: null };

/** The container that a step asks for. It is kept, and not started: the server has no way to do that yet. */
export function ContainerSection({ action, change }: ActionFormProps) {
  const { space } = useEditing();
  const container = action.Container ?? NONE;
  const { Image, FeedId } = container;
  const set = (patch: Partial<typeof NONE>) =>
    change((old) => ({ ...old, Container: { ...NONE, ...old.Container, ...patch } }), "container");
  if (!Image && !FeedId) return null;
  return (
    <Section title="Container" summary={Image ?? "None"}>
      <Text size="sm" c="dimmed">
        This server starts no containers: the step runs on its machine itself, with the tools that are there, and the
        deployment warns of it. The image is kept for servers that do.
      </Text>
      <div className={classes.pair}>
        <TextInput
          label="Image"
          value={Image ?? ""}
          onChange={(event) => {
            const { value } = event.currentTarget;
            set({ Image: value || null });
          }}
        />
        <Picker kind="feeds" space={space} label="Registry" value={FeedId} onChange={(id) => set({ FeedId: id })} />
      </div>
    </Section>
  );
}
