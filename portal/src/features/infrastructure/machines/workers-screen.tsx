import { IconPlus, IconTool } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink } from "@/components/links";
import { Page } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { useList } from "@/lib/use-list";
import type { MachineFilter } from "./filter-names";
import { MachineList } from "./machine-list";
import { WORKERS } from "./realm";

export function WorkersScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/workers" });
  const list = useList<MachineFilter>();
  const add = (
    <Permitted need={{ permission: "WorkerEdit", space }}>
      {(may) => (
        <ButtonLink
          to="/app/$space/infrastructure/workers/new"
          params={{ space }}
          leftSection={<IconPlus size={16} />}
          disabled={!may}
        >
          Add a worker
        </ButtonLink>
      )}
    </Permitted>
  );
  return (
    <Page
      title="Workers"
      description="Machines that run steps which belong to no target, such as scripts against a cloud or a database."
      actions={add}
    >
      <MachineList
        realm={WORKERS}
        space={space}
        list={list}
        empty={
          <EmptyState icon={IconTool} title="No worker yet" action={add}>
            Until there is one, this server runs the steps of the default pool itself. A worker takes that work to a
            machine of its own.
          </EmptyState>
        }
      />
    </Page>
  );
}
