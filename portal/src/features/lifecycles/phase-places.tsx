import { ActionIcon, Input, Select, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { environmentsQuery } from "@/api/reference";
import classes from "./lifecycles.module.css";
import { type Phase, placed, placesOf, removed, unplaced, type Way } from "./phases";

const WAYS = [
  { value: "manual", label: "When somebody deploys it" },
  { value: "automatic", label: "By itself, when it may" },
];

interface Props {
  space: string;
  phase: Phase;
  phases: readonly Phase[];
  onChange: (phase: Phase) => void;
}

/** The environments of a phase, each with how releases come into it. */
export function PhasePlaces({ space, phase, phases, onChange }: Props) {
  const { data: environments = [] } = useQuery(environmentsQuery(space));
  const lasting = environments.filter((one) => one.Type === "Static");
  const order = lasting.map((one) => one.Id);
  const nameOf = (id: string) => environments.find((one) => one.Id === id)?.Name ?? id;
  const places = placesOf(phase, order);
  const free = unplaced(phases, order);
  return (
    <Input.Wrapper
      label="Environments"
      labelElement="div"
      description="An environment belongs to one phase. Without any, the phase has all that no phase before it has."
    >
      <ul className={classes.places}>
        {places.map(({ environment, way }) => (
          <li key={environment} className={classes.place}>
            <span className={classes.placeName}>{nameOf(environment)}</span>
            <Select
              aria-label={`How releases come into ${nameOf(environment)}`}
              data={WAYS}
              value={way}
              allowDeselect={false}
              onChange={(next) => next && onChange(placed(phase, environment, next as Way))}
              w={{ base: 170, xs: 230 }}
            />
            <ActionIcon
              aria-label={`Take ${nameOf(environment)} out of the phase`}
              onClick={() => onChange(removed(phase, environment))}
            >
              <IconX size={16} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {free.length > 0 ? (
        <Select
          mt="xs"
          aria-label="Add an environment"
          placeholder="Add an environment"
          data={free.map((id) => ({ value: id, label: nameOf(id) }))}
          value={null}
          searchable
          onChange={(id) => id && onChange(placed(phase, id, "manual"))}
          w={{ base: "100%", xs: 280 }}
        />
      ) : (
        <Text size="sm" c="dimmed" mt="xs">
          All environments of the space stand in a phase.
        </Text>
      )}
    </Input.Wrapper>
  );
}
