import { notifications } from "@mantine/notifications";
import { ApiError, sentenceOf } from "@/api/errors";

const CLOSE = { "aria-label": "Close" };

/** A refusal that belongs to no field: stays until it is read. */
export function notifyError(title: string, error: unknown): void {
  const faults = error instanceof ApiError ? error.faults : [];
  notifications.show({
    color: "red",
    title,
    message: [sentenceOf(error), ...faults].join(" "),
    autoClose: false,
    withBorder: true,
    closeButtonProps: CLOSE,
  });
}

export function notifyDone(message: string): void {
  notifications.show({ color: "green", message, autoClose: 4000, withBorder: true, closeButtonProps: CLOSE });
}
