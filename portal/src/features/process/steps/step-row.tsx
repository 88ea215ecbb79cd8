import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { Badge, Group, UnstyledButton } from "@mantine/core";
import { IconGripVertical, IconNote } from "@tabler/icons-react";
import { type KeyboardEvent, memo } from "react";
import { KindIcon } from "../kind-icon";
import { isParent, nameOf, type Step } from "../model/document";
import { type Mark, marksOf, type Namings, placeWords } from "../model/marks";
import type { Row } from "../model/rows";
import { StepMenu } from "./step-menu";
import classes from "./steps.module.css";
import type { StepVerbs } from "./verbs";

interface Props {
  row: Row;
  step: Step;
  naming: Namings;
  verbs: StepVerbs;
  isSelected: boolean;
  /** Runs nowhere that is looked at. */
  isDimmed: boolean;
  faults: number;
  readOnly: boolean;
  /** How far in it would be if it were dropped now. */
  depth: 0 | 1;
}

/** A line of the list: what it is, where it runs, what is special about it. Draws only when its own step changes. */
export const StepRow = memo(function StepRow(props: Props) {
  const { row, step, naming, verbs, isSelected, isDimmed, faults, readOnly, depth } = props;
  const { place } = row;
  const sortable = useSortable({ id: row.id, disabled: readOnly });
  const isGroup = place.child === null && isParent(step);
  const action = isGroup ? undefined : step.Actions[place.child ?? 0];
  const name = (place.child === null ? nameOf(step) : action?.Name) || "A step without a name";
  const isOff = isGroup ? step.Actions.every((one) => one.IsDisabled) : action?.IsDisabled === true;
  const isParallel = place.child === null && step.StartTrigger === "StartWithPrevious";
  const where = place.child === null ? placeWords(step, action) : null;
  return (
    <li
      ref={sortable.setNodeRef}
      className={classes.row}
      style={{ transform: CSS.Translate.toString(sortable.transform), transition: sortable.transition }}
      data-selected={isSelected || undefined}
      data-dimmed={isDimmed || undefined}
      data-off={isOff || undefined}
      data-depth={depth}
      data-parallel={isParallel || undefined}
      data-dragging={sortable.isDragging || undefined}
    >
      {!readOnly && (
        <button
          type="button"
          className={classes.handle}
          aria-label={`Move ${name}`}
          ref={sortable.setActivatorNodeRef}
          {...sortable.attributes}
          {...sortable.listeners}
        >
          <IconGripVertical size={15} aria-hidden />
        </button>
      )}
      <UnstyledButton
        className={classes.open}
        aria-current={isSelected || undefined}
        onClick={() => verbs.select(place)}
        onKeyDown={(event) => byKey(event, row, verbs)}
      >
        <span className={classes.number}>{row.number}</span>
        <span className={classes.words}>
          <span className={classes.name}>
            {action && <KindIcon type={action.ActionType} />}
            <span className={classes.nameText}>{name}</span>
            {action?.Notes && <IconNote size={14} aria-label="Has notes" className={classes.sign} />}
          </span>
          {where && <span className={classes.where}>{where}</span>}
          <Marks marks={marksOf(step, place.child, naming)} isOff={isOff} isParallel={isParallel} faults={faults} />
        </span>
      </UnstyledButton>
      {!readOnly && <StepMenu row={row} step={step} name={name} isOff={isOff} verbs={verbs} />}
    </li>
  );
});

/** The same moves as by dragging, on the line itself: Alt with an arrow. */
function byKey(event: KeyboardEvent, row: Row, verbs: StepVerbs) {
  if (event.key === "Delete") {
    event.preventDefault();
    verbs.remove(row.place);
    return;
  }
  const move = event.altKey ? MOVES[event.key] : undefined;
  if (!move) return;
  event.preventDefault();
  verbs.move(row.place, move);
}

const MOVES: Record<string, "up" | "down" | "in" | "out"> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowRight: "in",
  ArrowLeft: "out",
};

interface MarksProps {
  marks: readonly Mark[];
  isOff: boolean;
  isParallel: boolean;
  faults: number;
}

const COLORS = { idle: "gray", waiting: "yellow", running: "blue", brand: "plum" } as const;

function Marks({ marks, isOff, isParallel, faults }: MarksProps) {
  if (marks.length === 0 && !isOff && !isParallel && faults === 0) return null;
  return (
    <Group gap={4} component="span" className={classes.marks}>
      {faults > 0 && (
        <Badge size="sm" color="red" component="span">
          {faults === 1 ? "1 fault" : `${faults} faults`}
        </Badge>
      )}
      {isOff && (
        <Badge size="sm" color="gray" component="span">
          Disabled
        </Badge>
      )}
      {isParallel && (
        <Badge size="sm" color="blue" component="span">
          With the step before
        </Badge>
      )}
      {marks.map((mark) => (
        <Badge key={mark.word} size="sm" color={COLORS[mark.tone]} component="span">
          {mark.word}
        </Badge>
      ))}
    </Group>
  );
}
