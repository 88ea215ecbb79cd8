import { Text } from "@mantine/core";
import { useForm } from "@/lib/use-form";
import { FormModal } from "./form";
import classes from "./order-modal.module.css";
import type { Need } from "./permitted";
import { Sortable, SortableLine } from "./sortable";

interface Props {
  title: string;
  things: readonly { Id: string; Name: string }[];
  need: Need;
  pending: boolean;
  error: unknown;
  onSave: (ids: string[]) => void;
  onClose: () => void;
}

/** Puts things in order, by mouse or by keyboard: space takes one up, arrows move it, space puts it down. */
export function OrderModal({ title, things, need, pending, error, onSave, onClose }: Props) {
  const form = useForm({ Order: things.map((one) => one.Id) }, error);
  const order = form.value.Order.map((id) => things.find((one) => one.Id === id) ?? { Id: id, Name: id });
  return (
    <FormModal
      title={title}
      action="Save the order"
      form={form}
      pending={pending}
      need={need}
      barred={form.isChanged ? null : "The order is as it was."}
      onSubmit={() => onSave(form.value.Order)}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">
        Drag a line by its handle. By keyboard: space takes a line up, the arrows move it, space puts it down.
      </Text>
      <Sortable things={order} nameless="The line" onOrder={(next) => form.set({ Order: next.map((one) => one.Id) })}>
        <ol className={classes.list}>
          {order.map((one) => (
            <SortableLine
              key={one.Id}
              id={one.Id}
              name={one.Name}
              className={classes.line}
              handleClass={classes.handle}
            >
              <span>{one.Name}</span>
            </SortableLine>
          ))}
        </ol>
      </Sortable>
    </FormModal>
  );
}
