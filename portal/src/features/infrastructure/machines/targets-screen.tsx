import { IconPlus, IconServer2 } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink } from "@/components/links";
import { Page } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { useList } from "@/lib/use-list";
import type { MachineFilter } from "./filter-names";
import { MachineList } from "./machine-list";
import { TARGETS } from "./realm";

export function TargetsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/targets" });
  const list = useList<MachineFilter>();
  const add = (
    <Permitted need={{ permission: "MachineCreate", space }}>
      {(may) => (
        <ButtonLink
          to="/app/$space/infrastructure/targets/new"
          params={{ space }}
          leftSection={<IconPlus size={16} />}
          disabled={!may}
        >
          Add a target
        </ButtonLink>
      )}
    </Permitted>
  );
  return (
    <Page title="Targets" description="The machines and services that releases are deployed to." actions={add}>
      <MachineList
        realm={TARGETS}
        space={space}
        list={list}
        empty={
          <EmptyState icon={IconServer2} title="No target yet" action={add}>
            A target is a machine, a cluster or a cloud service, in one or more environments. Steps find it by its tags.
          </EmptyState>
        }
      />
    </Page>
  );
}
