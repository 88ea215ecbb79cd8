import { Group, List, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "@/api/client";
import { ErrorNotice } from "@/components/error-notice";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";

/** Looks somebody up: that shows whether the directory is reached, the account may look, and the filter fits. */
export function TestDirectory() {
  const [words, setWords] = useState("");
  const looking = useMutation({
    mutationFn: (partialName: string) =>
      answer(api.GET("/api/externalusers/ldap", { params: { query: { partialName } } })),
  });
  const look = (event: FormEvent) => {
    event.preventDefault();
    looking.mutate(words);
  };
  const found = looking.data?.Identities;
  return (
    <Panel title="Try it">
      <form onSubmit={look}>
        <Group align="flex-end" gap="xs">
          <TextInput
            label="Look for somebody in the directory"
            description="By the settings as they are saved."
            placeholder="A part of the name"
            required
            withAsterisk={false}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            w={{ base: "100%", xs: 300 }}
          />
          <ActionButton type="submit" variant="default" need={{ permission: "UserEdit" }} loading={looking.isPending}>
            Look
          </ActionButton>
        </Group>
      </form>
      {looking.isError && <ErrorNotice error={looking.error} title="The directory did not answer" />}
      {found && (
        <Text size="sm" mt="sm" role="status" component="div">
          {found.length === 0 ? "The directory answers, and nobody there fits." : "The directory answers:"}
          <List size="sm">
            {found.map((one) => (
              <List.Item key={JSON.stringify(one.Claims)}>
                {Object.values(one.Claims)
                  .map((claim) => claim.Value)
                  .filter(Boolean)
                  .join(" · ")}
              </List.Item>
            ))}
          </List>
        </Text>
      )}
    </Panel>
  );
}
