import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { type Icon, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { ErrorNotice } from "./error-notice";
import { ActionButton, type Need } from "./permitted";

interface AskProps {
  /** What goes, with its article: `the lifecycle Default`. */
  what: string;
  /** What will happen besides, in a sentence. */
  children: ReactNode;
  /** Deletes it; what is thrown is shown, and the question stays. */
  deleting: () => Promise<unknown>;
  onDeleted: () => void;
  onClose: () => void;
}

/** Asks before something is deleted, and shows why it could not be: what is in use is named by the API's sentence. */
export function AskDelete({ what, children, deleting, onDeleted, onClose }: AskProps) {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const remove = async () => {
    setPending(true);
    try {
      await deleting();
      onDeleted();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setPending(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Delete {what}?</Text>} size="md">
      <Stack gap="lg">
        {error ? (
          <ErrorNotice error={error} title="It was not deleted" />
        ) : (
          <Text size="sm" component="div">
            {children}
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button color="red" loading={pending} onClick={remove} data-autofocus>
            {error ? "Try again" : "Delete"}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface ButtonProps extends Omit<AskProps, "onClose"> {
  need: Need;
  icon?: Icon;
  /** Why it cannot be deleted now, where that is known before asking. */
  barred?: string | null;
}

export function DeleteButton({ need, icon: Sign = IconTrash, barred, onDeleted, ...ask }: ButtonProps) {
  const [asks, setAsks] = useState(false);
  const done = () => {
    setAsks(false);
    onDeleted();
  };
  return (
    <>
      <ActionButton
        variant="default"
        need={need}
        barred={barred}
        leftSection={<Sign size={16} />}
        onClick={() => setAsks(true)}
      >
        Delete
      </ActionButton>
      {asks && <AskDelete {...ask} onDeleted={done} onClose={() => setAsks(false)} />}
    </>
  );
}
