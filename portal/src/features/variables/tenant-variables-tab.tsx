import { Badge, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconSearch, IconVariable } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useEnvironmentNames } from "@/api/reference";
import { useRights } from "@/api/rights";
import { EmptyState } from "@/components/empty-state";
import { ErrorNotice } from "@/components/error-notice";
import { SaveBar } from "@/components/form";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Notice } from "@/components/notice";
import { Panel } from "@/components/page";
import type { ParameterValue } from "@/components/parameters/controls";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraft } from "@/lib/use-draft";
import { tenantValuesQuery, useSaveTenantValues } from "./tenants/api";
import { type Given, groupsOf, isMissing, type OwnerGroup, split, withoutSecrets } from "./tenants/model";
import { TemplateLine } from "./tenants/template-line";

/** What a tenant gives to the templates of its library sets and projects. */
export function TenantVariablesTab() {
  const { space = "", tenant = "" }: { space?: string; tenant?: string } = useParams({ strict: false });
  const values = useQuery(tenantValuesQuery(space, tenant));
  return (
    <Loaded query={values} what="The variables" rows={8}>
      {(saved) =>
        saved.length === 0 ? (
          <Panel>
            <EmptyState icon={IconVariable} title="Nothing to give yet">
              A tenant gives values to the templates of the projects that it is connected to, and of the library sets
              that they include. Connect it to a project, or add templates there.
            </EmptyState>
          </Panel>
        ) : (
          <TenantValues space={space} tenant={tenant} saved={saved} />
        )
      }
    </Loaded>
  );
}

function TenantValues({ space, tenant, saved }: { space: string; tenant: string; saved: Given[] }) {
  const draft = useDraft(`${tenant}/variables`, saved, { strip: withoutSecrets });
  const saving = useSaveTenantValues(space, tenant);
  const environmentName = useEnvironmentNames(space);
  const barred = useBarred(space, tenant);
  const [words, setWords] = useState("");
  const [show, setShow] = useState<string | null>(null);
  const missing = draft.value.filter(isMissing);
  const groups = groupsOf(draft.value.filter((one) => fits(one, words) && (show !== "missing" || isMissing(one))));
  const change = (key: string, value: ParameterValue) =>
    draft.change((old) => old.map((one) => (one.key === key ? { ...one, value } : one)), key);
  return (
    <>
      <Stack gap="md">
        <TheirsNotice draft={draft} what="What the tenant gives" />
        {saving.isError && <ErrorNotice error={saving.error} title="The variables were not saved" />}
        {missing.length > 0 && (
          <Notice tone="waiting" icon={IconAlertTriangle}>
            <Text size="sm">
              {missing.length === 1 ? "A value is missing" : `${missing.length} values are missing`}: deployments for
              this tenant are refused where they are needed.
            </Text>
          </Notice>
        )}
        <Group gap="xs">
          <TextInput
            type="search"
            aria-label="Find variables"
            placeholder="Find by name"
            leftSection={<IconSearch size={15} />}
            w={{ base: "100%", xs: 260 }}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <Select
            aria-label="Show"
            placeholder="All values"
            clearable
            w={190}
            data={[{ value: "missing", label: "Those that are missing" }]}
            value={show}
            onChange={setShow}
          />
        </Group>
        {groups.map((group) => (
          <Panel key={group.owner} title={group.name} aside={<Aside space={space} group={group} />} flush>
            {group.templates.map(({ template, given }) => (
              <TemplateLine
                key={template.Id}
                space={space}
                template={template}
                given={given}
                environmentName={environmentName}
                barred={barred}
                onChange={change}
                onSplit={(key, environment) => draft.change((old) => split(old, key, environment))}
              />
            ))}
          </Panel>
        ))}
        {groups.length === 0 && (
          <Text size="sm" c="dimmed" ta="center" p="lg">
            Nothing fits.
          </Text>
        )}
      </Stack>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "VariableEdit", space, tenant }}
        onSave={() =>
          saving.mutate(draft.value, {
            onSuccess: (answered) => {
              draft.accept(answered);
              notifyDone("The variables of the tenant are saved.");
            },
          })
        }
        onDiscard={draft.discard}
      />
    </>
  );
}

function fits(one: Given, words: string): boolean {
  const sought = words.trim().toLowerCase();
  return [one.template.Name, one.template.Label ?? "", one.ownerName].some((text) =>
    text.toLowerCase().includes(sought),
  );
}

function Aside({ space, group }: { space: string; group: OwnerGroup }) {
  return (
    <Group gap="sm">
      {group.missing > 0 && <Badge color="yellow">{group.missing} missing</Badge>}
      {group.isLibrary ? (
        <TextLink size="sm" to="/app/$space/library/variable-sets/$set/templates" params={{ space, set: group.owner }}>
          Library set
        </TextLink>
      ) : (
        <TextLink
          size="sm"
          to="/app/$space/projects/$project/variables/templates"
          params={{ space, project: group.owner }}
        >
          Project
        </TextLink>
      )}
    </Group>
  );
}

/** Why the user may not change a value, judged as the server does: by its project, its environments and the tenant. */
function useBarred(space: string, tenant: string): (given: Given) => string | null {
  const rights = useRights();
  return ({ owner, isLibrary, environments }) => {
    const place = { space, tenant, ...(isLibrary ? {} : { project: owner }) };
    const places = environments.length > 0 ? environments.map((environment) => ({ ...place, environment })) : [place];
    return places.every((one) => rights.allows("VariableEdit", one))
      ? null
      : "You may not change this: it needs the permission VariableEdit for all of its environments.";
  };
}
