import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { ActionIcon, Badge, Button, Group, Menu, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconBolt, IconDots, IconGripVertical, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { environmentsQuery } from "@/api/reference";
import { choiceOf, keptWords } from "@/lib/retention";
import classes from "./lifecycles.module.css";
import { PhaseFields } from "./phase-fields";
import { type Phase, placesOf, promotionWords } from "./phases";

interface Props {
  space: string;
  phase: Phase;
  phases: readonly Phase[];
  number: number;
  isOpen: boolean;
  onToggle: () => void;
  /** Without these the phase is only shown. */
  onChange?: (phase: Phase) => void;
  onMove?: (step: -1 | 1) => void;
  onRemove?: () => void;
}

/** A phase: what is in it and what promotion takes, and on demand the form for both. */
export function PhaseCard({ space, phase, phases, number, isOpen, onToggle, onChange, onMove, onRemove }: Props) {
  const sortable = useSortable({ id: phase.Id, disabled: !onMove });
  const name = phase.Name || `Phase ${number}`;
  return (
    <li
      ref={sortable.setNodeRef}
      className={classes.phase}
      data-dragged={sortable.isDragging || undefined}
      data-optional={phase.IsOptionalPhase || undefined}
      style={{ transform: CSS.Translate.toString(sortable.transform), transition: sortable.transition }}
      aria-label={name}
    >
      <div className={classes.head}>
        <span className={classes.number} aria-hidden>
          {number}
        </span>
        <div className={classes.words}>
          <Group gap={6}>
            <span className={classes.name}>{name}</span>
            {phase.IsOptionalPhase && <Badge color="gray">Optional</Badge>}
            {phase.IsPriorityPhase && <Badge>Priority</Badge>}
          </Group>
          <Summary space={space} phase={phase} />
        </div>
        {onChange && (
          <Group gap={4} wrap="nowrap">
            <Button variant="subtle" size="compact-sm" onClick={onToggle} aria-expanded={isOpen}>
              {isOpen ? "Close" : "Edit"}
              <span className="spoken"> {name}</span>
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon aria-label={`More for ${name}`}>
                  <IconDots size={17} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<IconArrowUp size={15} />} disabled={number === 1} onClick={() => onMove?.(-1)}>
                  Move up
                </Menu.Item>
                <Menu.Item
                  leftSection={<IconArrowDown size={15} />}
                  disabled={number === phases.length}
                  onClick={() => onMove?.(1)}
                >
                  Move down
                </Menu.Item>
                <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={onRemove}>
                  Remove the phase
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
            <ActionIcon
              ref={sortable.setActivatorNodeRef}
              className={classes.grip}
              {...sortable.attributes}
              {...sortable.listeners}
              aria-label={`Move ${name}: drag, or press space and the arrow keys`}
            >
              <IconGripVertical size={17} />
            </ActionIcon>
          </Group>
        )}
      </div>
      {isOpen && onChange && (
        <div className={classes.body}>
          <PhaseFields space={space} phase={phase} phases={phases} onChange={onChange} />
        </div>
      )}
    </li>
  );
}

function Summary({ space, phase }: { space: string; phase: Phase }) {
  const { data: environments } = useQuery(environmentsQuery(space));
  const order = (environments ?? []).map((one) => one.Id);
  const nameOf = (id: string) => environments?.find((one) => one.Id === id)?.Name ?? id;
  const places = placesOf(phase, order);
  const kept = [
    keptSentence("Releases", phase.ReleaseRetentionPolicy, ["release", "releases"]),
    keptSentence("Files on targets", phase.TentacleRetentionPolicy, ["deployment", "deployments"]),
  ].filter((one) => one !== null);
  return (
    <>
      <Group gap={4} my={4}>
        {places.length === 0 && (
          <Text size="sm" c="dimmed">
            Every environment that no phase before has
          </Text>
        )}
        {places.map(({ environment, way }) => (
          <Badge
            key={environment}
            color={way === "automatic" ? "plum" : "gray"}
            leftSection={way === "automatic" ? <IconBolt size={11} aria-label="by itself:" /> : undefined}
          >
            {nameOf(environment)}
          </Badge>
        ))}
      </Group>
      <Text size="sm" c="dimmed">
        {[promotionWords(phase), ...kept].join(" · ")}
      </Text>
    </>
  );
}

function keptSentence(what: string, policy: Phase["ReleaseRetentionPolicy"], items: readonly [string, string]) {
  const choice = choiceOf(policy);
  if (policy === null || choice === "Default") return null;
  return `${what}: ${keptWords({ ...policy, Strategy: choice }, items)} kept`;
}
