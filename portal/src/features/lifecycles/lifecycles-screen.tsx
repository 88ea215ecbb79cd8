import { Textarea, TextInput } from "@mantine/core";
import { IconArrowRight, IconPlus, IconTimeline } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Fragment, useState } from "react";
import { useEnvironmentNames } from "@/api/reference";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { FormModal } from "@/components/form";
import { ButtonLink, TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { useForm } from "@/lib/use-form";
import { useList } from "@/lib/use-list";
import { lifecyclePageQuery, useAddLifecycle } from "./api";
import classes from "./lifecycles.module.css";
import { type Lifecycle, placesOf } from "./phases";

/** The ways that releases go through the environments of a space. */
export function LifecyclesScreen() {
  const { space } = useParams({ from: "/shell/app/$space/library/lifecycles" });
  const [adding, setAdding] = useState(false);
  const list = useList();
  const lifecycles = useQuery(lifecyclePageQuery(space, list));
  const nameOf = useEnvironmentNames(space);
  const add = (
    <ActionButton
      need={{ permission: "LifecycleCreate", space }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      Add a lifecycle
    </ActionButton>
  );
  return (
    <Page
      title="Lifecycles"
      description="The order in which releases go through environments, and how long they are kept."
      actions={
        <>
          <ButtonLink to="/app/$space/library/retention" params={{ space }} variant="default">
            Default retention
          </ButtonLink>
          {add}
        </>
      }
    >
      <ListPanel
        what="The lifecycles"
        list={list}
        query={lifecycles}
        find="Find by name"
        empty={
          <EmptyState icon={IconTimeline} title="No lifecycle yet" action={add}>
            A project follows a lifecycle. Make one with a phase for each stage, such as Test and then Production.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable label="Lifecycles" rows={items} columns={columnsOf(space, nameOf)} keyOf={(one) => one.Id} />
        )}
      </ListPanel>
      {adding && <AddLifecycle space={space} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function columnsOf(space: string, nameOf: (id: string) => string): Column<Lifecycle>[] {
  return [
    {
      head: "Lifecycle",
      width: "36%",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/library/lifecycles/$lifecycle" params={{ space, lifecycle: one.Id }}>
              {one.Name}
            </TextLink>
          }
        >
          {one.Description}
        </NameCell>
      ),
    },
    { head: "Phases", wideOnly: true, cell: (one) => <Line lifecycle={one} nameOf={nameOf} /> },
  ];
}

/** The phases in one line; each tells its environments to who points at it, and to screen readers. */
function Line({ lifecycle, nameOf }: { lifecycle: Lifecycle; nameOf: (id: string) => string }) {
  if (lifecycle.Phases.length === 0) return <span className={classes.quiet}>Every environment, in its order</span>;
  return (
    <span className={classes.line}>
      {lifecycle.Phases.map((phase, index) => {
        const places = placesOf(phase, []).map((one) => nameOf(one.environment));
        return (
          <Fragment key={phase.Id}>
            {index > 0 && <IconArrowRight size={13} aria-label="then" className={classes.arrow} />}
            <span className={classes.stop} data-optional={phase.IsOptionalPhase || undefined}>
              {phase.Name}
              {places.length > 0 && places.join() !== phase.Name && (
                <span className={classes.quiet}> {places.length <= 2 ? places.join(", ") : `${places.length}`}</span>
              )}
            </span>
          </Fragment>
        );
      })}
    </span>
  );
}

function AddLifecycle({ space, onClose }: { space: string; onClose: () => void }) {
  const adding = useAddLifecycle(space);
  const navigate = useNavigate();
  const form = useForm({ Name: "", Description: "" }, adding.error);
  const open = (made: Lifecycle) =>
    navigate({ to: "/app/$space/library/lifecycles/$lifecycle", params: { space, lifecycle: made.Id } });
  return (
    <FormModal
      title="Add a lifecycle"
      action="Add"
      form={form}
      pending={adding.isPending}
      onSubmit={() => adding.mutate(form.value, { onSuccess: open })}
      onClose={onClose}
    >
      <TextInput label="Name" data-autofocus required withAsterisk={false} {...form.field("Name")} />
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
    </FormModal>
  );
}
