import { Group, TextInput } from "@mantine/core";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api, body, type Shape } from "@/api/client";
import { meQuery } from "@/api/session";
import { ErrorNotice } from "@/components/error-notice";
import { TextLink } from "@/components/links";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { useSpace } from "@/lib/use-space";

/** Sends one mail by the settings as they are saved; what becomes of it is told in the log of a task. */
export function TestMail() {
  const { data: me } = useSuspenseQuery(meQuery);
  const space = useSpace();
  const [address, setAddress] = useState(me.EmailAddress);
  const sending = useMutation({
    mutationFn: (EmailAddress: string) => {
      const given = { Name: "TestEmail", Description: "Send a test e-mail", Arguments: { EmailAddress } };
      return answer(api.POST("/api/tasks", { body: body<Shape<"Task">>(given as unknown as Partial<Shape<"Task">>) }));
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    sending.mutate(address);
  };
  return (
    <Panel title="Try it">
      <form onSubmit={send}>
        <Group align="flex-end" gap="xs">
          <TextInput
            label="Send a test mail to"
            description="By the settings as they are saved."
            type="email"
            required
            withAsterisk={false}
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
            w={{ base: "100%", xs: 300 }}
          />
          <ActionButton
            type="submit"
            variant="default"
            need={{ permission: "ConfigureServer" }}
            loading={sending.isPending}
          >
            Send
          </ActionButton>
          {sending.data && (
            <TextLink to="/app/$space/tasks/$task" params={{ space, task: sending.data.Id }} size="sm">
              See what becomes of it
            </TextLink>
          )}
        </Group>
      </form>
      {sending.isError && <ErrorNotice error={sending.error} title="It was not sent" />}
    </Panel>
  );
}
