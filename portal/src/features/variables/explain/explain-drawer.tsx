import { Anchor, Drawer, Group, Select, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { variableNamesQuery } from "@/api/variable-names";
import { Loaded } from "@/components/loaded";
import { Notice } from "@/components/notice";
import type { VariableSearch } from "../editor/search";
import { ScopeNames } from "../model/scope";
import type { ScopeValues } from "../model/variable";
import { type Explanation, explanationQuery, type Looked, type Place, previewQuery } from "./api";
import { ConsideredList } from "./considered-list";
import classes from "./explain.module.css";
import { PlaceForm } from "./place-form";
import { namesWithin } from "./substitutions";

interface Props {
  looked: Looked;
  isTenanted: boolean;
  search: VariableSearch;
  values: ScopeValues | undefined;
}

/** Why a variable has its value at a place. Variable and place are in the address. */
export function ExplainDrawer({ looked, isTenanted, search, values }: Props) {
  const navigate = useNavigate();
  const go = (patch: VariableSearch) =>
    void navigate({
      to: ".",
      search: ((old: object) => ({ ...old, ...emptied(patch) })) as never,
      replace: true,
      resetScroll: false,
    });
  const name = search.explain === "?" ? "" : (search.explain ?? "");
  const place = placeOf(search);
  const known = useQuery(variableNamesQuery(looked.space, looked.project)).data ?? [];
  const explained = useQuery(explanationQuery(looked, name, place));
  return (
    <Drawer
      opened={search.explain !== undefined}
      onClose={() => go(NOTHING)}
      position="right"
      size={560}
      title={<Text fw={600}>Why a variable has its value</Text>}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack gap="md">
        <Select
          label="Variable"
          placeholder="Choose a variable"
          searchable
          limit={100}
          data={[...new Set([...known, ...(name ? [spelled(known, name)] : [])])]}
          value={name ? spelled(known, name) : null}
          onChange={(next) => go({ explain: next ?? "?" })}
          nothingFoundMessage="No variable has such a name"
          data-autofocus={name === "" || undefined}
        />
        <PlaceForm space={looked.space} values={values} place={place} isTenanted={isTenanted} onChange={go} />
        <Text size="xs" c="dimmed">
          The saved values are looked at, by the rules that deployments go by.
        </Text>
        {name !== "" && (
          <Loaded query={explained} what="The explanation">
            {(told) => (
              <Told
                told={told}
                looked={looked}
                place={place}
                values={values}
                onName={(next) => go({ explain: next })}
              />
            )}
          </Loaded>
        )}
      </Stack>
    </Drawer>
  );
}

interface ToldProps {
  told: Explanation;
  looked: Looked;
  place: Place;
  values: ScopeValues | undefined;
  onName: (name: string) => void;
}

function Told({ told, looked, place, values, onName }: ToldProps) {
  const names = new ScopeNames(values);
  const winner = told.Considered.find((one) => one.Outcome === "Won");
  const used = winner && !told.IsSensitive ? namesWithin(winner.Value ?? "") : [];
  return (
    <Stack gap="sm">
      <div className={classes.result} role="status">
        <Text size="xs" c="dimmed">
          Its value there
        </Text>
        {told.IsDefined ? (
          <span className={classes.value}>{told.IsSensitive ? "a secret" : told.Value || <i>empty</i>}</span>
        ) : (
          <Text size="sm">It has none: none of its values holds there.</Text>
        )}
        {used.length > 0 && <Used looked={looked} place={place} used={used} onName={onName} />}
      </div>
      {told.Rule && (
        <Notice tone="waiting" icon={IconAlertTriangle} title="The scopes do not decide">
          <Text size="sm">{told.Rule}</Text>
        </Notice>
      )}
      <ConsideredList considered={told.Considered} names={names} />
    </Stack>
  );
}

/** The variables that the value is made of, with what they are there. */
function Used({ looked, place, used, onName }: Pick<ToldProps, "looked" | "place" | "onName"> & { used: string[] }) {
  const preview = useQuery(previewQuery(looked, place)).data;
  return (
    <Stack gap={2} mt={6}>
      <Text size="xs" c="dimmed">
        Filled in with
      </Text>
      {used.map((name) => {
        const found = preview?.Variables.find((one) => one.Name.toLowerCase() === name.toLowerCase());
        const isSystem = !found && /^Octopus\./i.test(name);
        return (
          <Group key={name} gap={6} wrap="nowrap" align="baseline">
            {found ? (
              <Anchor component="button" type="button" size="xs" onClick={() => onName(found.Name)}>
                {name}
              </Anchor>
            ) : (
              <Text size="xs">{name}</Text>
            )}
            <Text size="xs" c="dimmed" className={classes.value}>
              {found ? (found.IsSensitive ? "a secret" : found.Value || "empty") : ""}
              {!found && preview && (isSystem ? "set when it is deployed" : "not defined there")}
            </Text>
          </Group>
        );
      })}
    </Stack>
  );
}

const NOTHING: VariableSearch = {
  explain: "",
  environment: "",
  target: "",
  step: "",
  channel: "",
  tenant: "",
  runbook: "",
  role: "",
};

function emptied(patch: VariableSearch): VariableSearch {
  return Object.fromEntries(Object.entries(patch).map(([name, value]) => [name, value || undefined]));
}

export function placeOf(search: VariableSearch): Place {
  const { environment, target, step, channel, tenant, runbook, role } = search;
  return { environment, target, step, channel, tenant, runbook, role };
}

function spelled(known: readonly string[], name: string): string {
  return known.find((one) => one.toLowerCase() === name.toLowerCase()) ?? name;
}
