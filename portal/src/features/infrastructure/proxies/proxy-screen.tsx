import { Grid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { oneQuery, type Stored, useRemove, useSave } from "../crud";
import { Usages } from "../usages";
import { ProxyFields } from "./proxy-fields";

export function ProxyScreen() {
  const { space, proxy: id } = useParams({ from: "/shell/app/$space/infrastructure/proxies/$proxy" });
  const proxy = useQuery(oneQuery("proxies", space, id));
  const removing = useRemove("proxies", space, id);
  const navigate = useNavigate();
  const name = proxy.data?.Name ?? id;
  return (
    <Page
      title={name}
      crumbs={[{ text: "Proxies", to: `/app/${space}/infrastructure/proxies` }]}
      actions={
        proxy.data && (
          <DeleteButton
            what={name}
            need={{ permission: "ProxyDelete", space }}
            deleting={() => removing.mutateAsync()}
            onDeleted={() => navigate({ to: "/app/$space/infrastructure/proxies", params: { space } })}
          >
            A proxy by which machines are reached is kept.
          </DeleteButton>
        )
      }
    >
      <Loaded query={proxy} what="The proxy">
        {(saved) => (
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 7 }}>
              <Settings key={saved.Id} space={space} saved={saved} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Usages collection="proxies" space={space} id={saved.Id} />
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}

function Settings({ space, saved }: { space: string; saved: Stored<"proxies"> }) {
  const saving = useSave("proxies", space);
  const [form, draft] = useDraftForm(`proxy-${saved.Id}`, saved, saving.error);
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone("The proxy is saved.");
      },
    });
  return (
    <>
      <Stack>
        <FormFaults form={form} title="The proxy was not saved" />
        <TheirsNotice draft={draft} what="This proxy" />
        <Panel title="Settings">
          <Stack>
            <ProxyFields form={form} />
          </Stack>
        </Panel>
      </Stack>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "ProxyEdit", space }}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          saving.reset();
        }}
      />
    </>
  );
}
