import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconDots,
  IconIndentDecrease,
  IconIndentIncrease,
  IconPlayerPause,
  IconPlayerPlay,
  IconRowInsertBottom,
  IconRowInsertTop,
  IconSubtask,
  IconTrash,
} from "@tabler/icons-react";
import { isParent, type Step } from "../model/document";
import type { Row } from "../model/rows";
import type { StepVerbs } from "./verbs";

interface Props {
  row: Row;
  step: Step;
  name: string;
  isOff: boolean;
  verbs: StepVerbs;
}

/** Everything that can be done with a step besides editing it. */
export function StepMenu({ row, step, name, isOff, verbs }: Props) {
  const { place } = row;
  const isChild = place.child !== null;
  const canNest = !isChild && place.step > 0 && !isParent(step);
  return (
    <Menu position="bottom-end" width={220} withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={`What to do with ${name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconArrowUp size={15} />} onClick={() => verbs.move(place, "up")}>
          Move up
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowDown size={15} />} onClick={() => verbs.move(place, "down")}>
          Move down
        </Menu.Item>
        {canNest && (
          <Menu.Item leftSection={<IconIndentIncrease size={15} />} onClick={() => verbs.move(place, "in")}>
            Move into the step before
          </Menu.Item>
        )}
        {isChild && (
          <Menu.Item leftSection={<IconIndentDecrease size={15} />} onClick={() => verbs.move(place, "out")}>
            Move out of its parent
          </Menu.Item>
        )}
        <Menu.Divider />
        {!isChild && (
          <>
            <Menu.Item leftSection={<IconRowInsertTop size={15} />} onClick={() => verbs.addAt(place.step)}>
              Add a step before
            </Menu.Item>
            <Menu.Item leftSection={<IconRowInsertBottom size={15} />} onClick={() => verbs.addAt(place.step + 1)}>
              Add a step after
            </Menu.Item>
          </>
        )}
        <Menu.Item leftSection={<IconSubtask size={15} />} onClick={() => verbs.addChild(place.step)}>
          {isChild ? "Add another child step" : "Add a child step"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => verbs.clone(place)}>
          Clone
        </Menu.Item>
        <Menu.Item
          leftSection={isOff ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
          onClick={() => verbs.setDisabled(place, !isOff)}
        >
          {isOff ? "Enable" : "Disable"}
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => verbs.remove(place)}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
