import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { type FormEvent, type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { ApiError } from "@/api/errors";
import { faultsOf } from "@/lib/faults";
import type { Form } from "@/lib/use-form";
import { useLeaveGuard } from "@/lib/use-leave-guard";
import { Confirm } from "./confirm";
import { ErrorNotice } from "./error-notice";
import classes from "./form.module.css";
import { ActionButton, type Need } from "./permitted";

/** What was refused and is shown at no field; nothing when every fault stands at its field. */
export function FormFaults({ form, title }: { form: Pick<Form<object>, "error" | "claimed">; title?: string }) {
  const { error, claimed } = form;
  const [isShown, setShown] = useState(false);
  // Fields claim their faults while they are drawn, so what is left is known only after that.
  useLayoutEffect(() => {
    const faults = faultsOf(error);
    const isAtFields = faults.length > 0 && faults.every((one) => one.field !== null && claimed.has(one.field));
    setShown(Boolean(error) && !isAtFields);
    if (isAtFields) bringIntoSight();
  }, [error, claimed]);
  const alert = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (isShown && error) alert.current?.scrollIntoView?.({ block: "nearest" });
  }, [isShown, error]);
  if (!isShown) return null;
  const left = faultsOf(error).filter((one) => one.field === null || !claimed.has(one.field));
  const isPart = error instanceof ApiError && left.length > 0 && left.length < faultsOf(error).length;
  const sentences = left.map((one) => one.whole);
  const shown = isPart ? new ApiError(error.status, sentences[0] ?? error.message, sentences, error.help) : error;
  return (
    <div ref={alert}>
      <ErrorNotice error={shown} title={title} />
    </div>
  );
}

/** Leads to the first field with a fault: in a long form it may be out of sight. */
function bringIntoSight() {
  const scope = document.querySelector('[role="dialog"]') ?? document.querySelector("main");
  const field = scope?.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (field) field.focus();
  else scope?.querySelector(".mantine-InputWrapper-error")?.scrollIntoView?.({ block: "nearest" });
}

interface ModalProps {
  title: string;
  /** The verb on the button. */
  action: string;
  form: Pick<Form<object>, "error" | "claimed" | "isChanged">;
  pending: boolean;
  /** Why it cannot be sent yet, in a sentence; shown at the button. */
  barred?: string | null;
  need?: Need;
  size?: string | number;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A form in a dialog. A refusal keeps all that was entered; closing with changes asks first. */
export function FormModal(props: ModalProps) {
  const { title, action, form, pending, barred, need, size = "md", onSubmit, onClose, children } = props;
  const [asks, setAsks] = useState(false);
  const close = () => (form.isChanged && !pending ? setAsks(true) : onClose());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A dialog within another one is a form within a form to React.
    event.stopPropagation();
    if (!barred && !pending) onSubmit();
  };
  return (
    <>
      <Modal opened onClose={close} title={<Text fw={600}>{title}</Text>} size={size}>
        <form onSubmit={submit} noValidate={false}>
          <Stack>
            <FormFaults form={form} />
            {children}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Back
              </Button>
              <ActionButton type="submit" loading={pending} barred={barred} need={need}>
                {action}
              </ActionButton>
            </Group>
          </Stack>
        </form>
      </Modal>
      <Confirm
        opened={asks}
        title="Drop what you entered?"
        action="Drop it"
        danger
        onConfirm={onClose}
        onClose={() => setAsks(false)}
      >
        Nothing of it has been saved.
      </Confirm>
    </>
  );
}

interface SaveBarProps {
  isChanged: boolean;
  pending: boolean;
  need?: Need;
  barred?: string | null;
  /** What will be saved, such as "3 changes". */
  words?: string;
  onSave: () => void;
  onDiscard: () => void;
  /** Drops the changes of who leaves without saving, where discarding does more than that. */
  onLeave?: () => void;
  /** More buttons before these: undo, a change's description. */
  children?: ReactNode;
}

/**
 * For screens that are edited in place: says that there are changes, saves or discards them, and asks before the screen
 * is left with some. Stays in sight at the bottom of the window.
 */
export function SaveBar(props: SaveBarProps) {
  const { isChanged, pending, need, barred, words, onSave, onDiscard, onLeave = onDiscard, children } = props;
  const leaving = useLeaveGuard(isChanged && !pending);
  const leave = () => {
    leaving.leave();
    onLeave();
  };
  return (
    <>
      {isChanged && (
        <div className={classes.bar} role="status">
          <Text size="sm" fw={500}>
            {words ?? "There are changes that are not saved."}
          </Text>
          <Group gap="xs">
            {children}
            <Button variant="default" onClick={onDiscard} disabled={pending}>
              Discard
            </Button>
            <ActionButton onClick={onSave} loading={pending} need={need} barred={barred}>
              Save
            </ActionButton>
          </Group>
        </div>
      )}
      <Confirm
        opened={leaving.isHeld}
        title="Leave without saving?"
        action="Leave"
        danger
        onConfirm={leave}
        onClose={leaving.stay}
      >
        The changes on this screen are not saved. Stay to save them, or leave and drop them.
      </Confirm>
    </>
  );
}
