import { Group, Menu, Select, Stack, Switch, Text } from "@mantine/core";
import { IconBolt, IconInfoCircle, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEnvironmentNames } from "@/api/reference";
import { useNames } from "@/api/things";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { MenuLink, TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Notice } from "@/components/notice";
import { ActionButton, Permitted, useMay } from "@/components/permitted";
import { Ago } from "@/components/time";
import { notifyError } from "@/lib/notify";
import { useList } from "@/lib/use-list";
import { useProject } from "@/lib/use-project";
import { type Trigger, timesAheadQuery, triggerPageQuery, useSaveTrigger } from "./api";
import { KINDS, type Kind } from "./kinds";
import { doesWords, whenWords } from "./words";

const PATH = "/app/$space/projects/$project/triggers";

/** What a project is to do by itself, and when. */
export function TriggersTab() {
  const { space, project } = useProject();
  const list = useList<"category">();
  const shown = { q: list.q, page: list.page, category: list.filters.category };
  const triggers = useQuery(triggerPageQuery(space, project.Id, shown));
  const add = <AddMenu space={space} project={project.Id} slug={project.Slug} />;
  return (
    <Stack>
      <NotFiring />
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          What this project is to do by itself, and when.
        </Text>
        {add}
      </Group>
      <div>
        <ListPanel
          what="The triggers"
          list={list}
          query={triggers}
          find="Find by name"
          filters={
            <Select
              aria-label="What they start"
              placeholder="Deployments and runbooks"
              clearable
              data={[
                { value: "Deployment", label: "Deployments and releases" },
                { value: "Runbook", label: "Runbooks" },
              ]}
              value={list.filters.category ?? null}
              onChange={(category) => list.narrow({ category })}
              w={220}
            />
          }
          empty={
            <EmptyState icon={IconBolt} title="No trigger yet" action={add}>
              Let a release be deployed each night, a runbook run each Monday, or a release be made for each new
              package.
            </EmptyState>
          }
        >
          {(items) => <Table space={space} slug={project.Slug} triggers={items} />}
        </ListPanel>
      </div>
    </Stack>
  );
}

/** As long as the server starts nothing by them, the screens say so. */
export function NotFiring() {
  return (
    <Notice tone="waiting" icon={IconInfoCircle} title="Triggers do not start anything yet">
      <Text size="sm">They are kept and checked, and this version of Polpo does not act on them.</Text>
    </Notice>
  );
}

function AddMenu({ space, project, slug }: { space: string; project: string; slug: string }) {
  const need = { permission: "TriggerCreate", space, project };
  const button = (
    <ActionButton need={need} leftSection={<IconPlus size={16} />}>
      Add a trigger
    </ActionButton>
  );
  if (!useMay(need)) return button;
  return (
    <Menu position="bottom-end" width={330}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(KINDS) as Kind[]).map((kind) => (
          <MenuLink key={kind} to={`${PATH}/new`} params={{ space, project: slug }} search={{ kind }}>
            <Text size="sm" fw={500}>
              {KINDS[kind].title}
            </Text>
            <Text size="xs" c="dimmed">
              {KINDS[kind].about}
            </Text>
          </MenuLink>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Table({ space, slug, triggers }: { space: string; slug: string; triggers: Trigger[] }) {
  const environment = useEnvironmentNames(space);
  const runbooks = triggers.map((one) => one.Action.RunbookId).filter((id) => typeof id === "string");
  const runbook = useNames("runbooks", space, [...new Set(runbooks)]);
  const filters = triggers.map((one) => one.Filter);
  const ahead = useQuery(timesAheadQuery(space, filters, 1)).data ?? [];
  const nextOf = (trigger: Trigger) => ahead[triggers.indexOf(trigger)]?.Times[0];
  const columns: Column<Trigger>[] = [
    {
      head: "Trigger",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to={`${PATH}/$trigger`} params={{ space, project: slug, trigger: one.Id }}>
              {one.Name}
            </TextLink>
          }
        >
          {doesWords(one.Action, { environment, runbook })}
        </NameCell>
      ),
    },
    { head: "When", wideOnly: true, cell: (one) => whenWords(one.Filter) },
    {
      head: "Next",
      wideOnly: true,
      width: 150,
      dimmed: true,
      cell: (one) => {
        const next = nextOf(one);
        return next && !one.IsDisabled ? <Ago at={next} /> : null;
      },
    },
    { head: "On", width: 90, cell: (one) => <EnableSwitch space={space} trigger={one} /> },
  ];
  return (
    <DataTable
      label="Triggers"
      rows={triggers}
      columns={columns}
      keyOf={(one) => one.Id}
      isMuted={(one) => one.IsDisabled}
    />
  );
}

function EnableSwitch({ space, trigger }: { space: string; trigger: Trigger }) {
  const saving = useSaveTrigger(space, trigger.ProjectId);
  const toggle = (enabled: boolean) =>
    saving.mutate(
      { ...trigger, IsDisabled: !enabled },
      { onError: (error) => notifyError(`${trigger.Name} was not changed`, error) },
    );
  return (
    <Permitted need={{ permission: "TriggerEdit", space, project: trigger.ProjectId }}>
      {(isAllowed) => (
        <Switch
          aria-label={`${trigger.Name} is on`}
          checked={saving.isPending ? saving.variables.IsDisabled === false : !trigger.IsDisabled}
          disabled={!isAllowed || saving.isPending}
          onChange={(event) => toggle(event.currentTarget.checked)}
        />
      )}
    </Permitted>
  );
}
