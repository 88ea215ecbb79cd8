import { Menu } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowsDiagonal,
  IconBulb,
  IconCopy,
  IconPencil,
  IconPlus,
  IconTrash,
} from "@tabler/icons-react";
import type { Row } from "../model/rows";
import { copyOf } from "../model/variable";
import type { Grid, GridActions } from "./use-grid";

interface Props {
  row: Row;
  at: HTMLElement;
  grid: Grid;
  actions: GridActions;
  onExplain?: (name: string) => void;
  onClose: () => void;
}

/** What can be done with one line. One menu serves all lines: a thousand of them would be slow. */
export function RowMenu({ row, at, grid, actions, onExplain, onClose }: Props) {
  const { variable, kind } = row;
  const isLocked = actions.isLocked(variable);
  const box = at.getBoundingClientRect();
  const isText = variable.Type === "String";
  return (
    <Menu opened onClose={onClose} position="bottom-end" width={230} returnFocus={false}>
      <Menu.Target>
        <div
          style={{
            position: "fixed",
            top: box.top,
            left: box.left,
            width: box.width,
            height: box.height,
            pointerEvents: "none",
          }}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {kind === "deleted" ? (
          <Menu.Item leftSection={<IconArrowBackUp size={15} />} onClick={() => actions.restore(variable.Id)}>
            Restore
          </Menu.Item>
        ) : (
          <>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => actions.openDetails(variable.Id)}>
              {isLocked ? "Show all of it" : "Edit all of it"}
            </Menu.Item>
            {isText && (
              <Menu.Item leftSection={<IconArrowsDiagonal size={15} />} onClick={() => actions.openText(variable.Id)}>
                Open the value large
              </Menu.Item>
            )}
            <Menu.Item
              leftSection={<IconPlus size={15} />}
              onClick={() => grid.begin(null, { Name: variable.Name, Type: variable.Type }, variable.Id, "value")}
            >
              Add another value
            </Menu.Item>
            <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => actions.add(copyOf(variable), variable.Id)}>
              Duplicate
            </Menu.Item>
            {onExplain && variable.Name && kind !== "new" && (
              <Menu.Item leftSection={<IconBulb size={15} />} onClick={() => onExplain(variable.Name)}>
                Explain its value
              </Menu.Item>
            )}
            {kind === "changed" && (
              <Menu.Item leftSection={<IconArrowBackUp size={15} />} onClick={() => actions.restore(variable.Id)}>
                Take the changes back
              </Menu.Item>
            )}
            {!isLocked && (
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={15} />}
                onClick={() => actions.remove([variable.Id])}
              >
                Delete
              </Menu.Item>
            )}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
