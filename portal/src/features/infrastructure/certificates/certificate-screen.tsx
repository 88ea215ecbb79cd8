import { Button, Grid, Menu, Stack, Textarea, TextInput } from "@mantine/core";
import { IconChevronDown, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { ActionButton, ActionItem } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone, notifyError } from "@/lib/notify";
import { useNow } from "@/lib/now";
import { useDraftForm } from "@/lib/use-draft-form";
import { RestrictFields } from "../accounts/restrict-fields";
import { oneQuery, useRemove, useSave } from "../crud";
import { UsageList } from "../usages";
import { type Certificate, certificateUsagesQuery, useArchive } from "./api";
import { CertificateFacts, Chain } from "./certificate-facts";
import { expiryOf } from "./expiry";
import { ExportDialog } from "./export-dialog";
import { ReplaceDialog } from "./replace-dialog";

export function CertificateScreen() {
  const { space, certificate: id } = useParams({
    from: "/shell/app/$space/infrastructure/certificates/$certificate",
  });
  const certificate = useQuery(oneQuery("certificates", space, id));
  const now = useNow(false);
  const state = certificate.data && expiryOf(certificate.data, now);
  return (
    <Page
      title={certificate.data?.Name ?? id}
      crumbs={[{ text: "Certificates", to: `/app/${space}/infrastructure/certificates` }]}
      aside={state && <StateBadge of={state.of} word={state.word} />}
      description={certificate.data?.SubjectDistinguishedName}
      actions={certificate.data && <Actions space={space} certificate={certificate.data} />}
    >
      <Loaded query={certificate} what="The certificate">
        {(saved) => <Edit key={saved.Id} space={space} saved={saved} />}
      </Loaded>
    </Page>
  );
}

function Actions({ space, certificate }: { space: string; certificate: Certificate }) {
  const [open, setOpen] = useState<"replace" | "export" | null>(null);
  const archiving = useArchive(space, certificate.Id);
  const removing = useRemove("certificates", space, certificate.Id);
  const navigate = useNavigate();
  const edit = { permission: "CertificateEdit", space };
  const isArchived = certificate.Archived !== null;
  const archive = () =>
    archiving.mutate(!isArchived, {
      onSuccess: () => notifyDone(isArchived ? "The certificate is back." : "The certificate is archived."),
      onError: (error) => notifyError("The certificate was not changed", error),
    });
  return (
    <>
      <ActionButton
        variant="default"
        leftSection={<IconRefresh size={16} />}
        need={edit}
        barred={isArchived ? "It is archived; bring it back first." : null}
        onClick={() => setOpen("replace")}
      >
        Replace
      </ActionButton>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setOpen("export")}>Export</Menu.Item>
          <ActionItem need={edit} onClick={archive}>
            {isArchived ? "Bring back from the archive" : "Archive"}
          </ActionItem>
        </Menu.Dropdown>
      </Menu>
      <DeleteButton
        what={certificate.Name}
        need={{ permission: "CertificateDelete", space }}
        deleting={() => removing.mutateAsync()}
        onDeleted={() => navigate({ to: "/app/$space/infrastructure/certificates", params: { space } })}
      >
        A certificate that targets or variables use is kept. Archive one that is not to be offered any more.
      </DeleteButton>
      {open === "replace" && <ReplaceDialog space={space} certificate={certificate} onClose={() => setOpen(null)} />}
      {open === "export" && <ExportDialog space={space} certificate={certificate} onClose={() => setOpen(null)} />}
    </>
  );
}

function Edit({ space, saved }: { space: string; saved: Certificate }) {
  const saving = useSave("certificates", space);
  const [form, draft] = useDraftForm(`certificate-${saved.Id}`, saved, saving.error);
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone("The certificate is saved.");
      },
    });
  return (
    <>
      <Stack>
        <FormFaults form={form} title="The certificate was not saved" />
        <TheirsNotice draft={draft} what="This certificate" />
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Stack>
              <Panel title="What it says">
                <CertificateFacts space={space} certificate={saved} />
              </Panel>
              {saved.CertificateChain.length > 0 && (
                <Panel title="Chain">
                  <Chain chain={saved.CertificateChain} />
                </Panel>
              )}
              <UsedBy space={space} id={saved.Id} />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Panel title="Settings">
              <Stack>
                <TextInput label="Name" {...form.field("Name")} />
                <Textarea label="Notes" autosize minRows={2} {...form.field("Notes")} />
                <RestrictFields space={space} form={form} />
              </Stack>
            </Panel>
          </Grid.Col>
        </Grid>
      </Stack>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "CertificateEdit", space }}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          saving.reset();
        }}
      />
    </>
  );
}

function UsedBy({ space, id }: { space: string; id: string }) {
  const usages = useQuery(certificateUsagesQuery(space, id));
  return (
    <Panel title="Used by">
      <Loaded query={usages} what="What uses it" rows={2}>
        {(found) => {
          const group = (Kind: string, items: unknown[]) => ({
            Kind,
            Total: items.length,
            Items: items as { Id: string; Name: string }[],
          });
          return (
            <UsageList
              space={space}
              groups={[
                group("Machines", found.DeploymentTargetUsages),
                group("Projects", found.ProjectUsages),
                group("LibraryVariableSets", found.LibraryVariableSetUsages),
                group("Tenants", found.TenantUsages),
              ]}
            />
          );
        }}
      </Loaded>
    </Panel>
  );
}
