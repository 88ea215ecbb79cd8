import { notifications } from "@mantine/notifications";
import { ApiError, sentenceOf } from "@/api/errors";

const SHARED = { withBorder: true, closeButtonProps: { "aria-label": "Close" } };

/** A refusal that belongs to no field: stays until it is read. */
export function notifyError(title: string, error: unknown): void {
  const faults = error instanceof ApiError ? error.faults : [];
  notifications.show({
    ...SHARED,
    color: "red",
    title,
    message: [sentenceOf(error), ...faults].join(" "),
    autoClose: false,
  });
}

export function notifyDone(message: string): void {
  notifications.show({ ...SHARED, color: "green", message, autoClose: 4000 });
}
