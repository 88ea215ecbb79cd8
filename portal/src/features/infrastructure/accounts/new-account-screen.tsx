import { Grid, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { FormFaults } from "@/components/form";
import { ButtonLink } from "@/components/links";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { useForm } from "@/lib/use-form";
import { useCreate } from "../crud";
import wizard from "../wizard/wizard.module.css";
import { AccountFields } from "./account-fields";
import { OidcFields } from "./oidc-fields";
import { RestrictFields } from "./restrict-fields";
import { KINDS, type Kind, kindOf, newAccount } from "./types";

export function NewAccountScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/accounts/new" });
  const { kind: type } = useSearch({ from: "/shell/app/$space/infrastructure/accounts/new" });
  const kind = kindOf(type);
  const base = `/app/${space}/infrastructure/accounts`;
  const crumbs = [{ text: "Accounts", to: base }];
  if (kind)
    return (
      <Page
        title={kind.title}
        crumbs={[...crumbs, { text: "Add an account", to: `${base}/new` }]}
        description={kind.sentence}
      >
        <NewAccount key={kind.type} space={space} kind={kind} />
      </Page>
    );
  return (
    <Page title="Add an account" crumbs={crumbs} description="Choose what it signs in to, and how.">
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
        {KINDS.map((one) => (
          <Link
            key={one.type}
            to="/app/$space/infrastructure/accounts/new"
            params={{ space }}
            search={{ kind: one.type }}
            className={wizard.choice}
          >
            <span>
              <Text fw={600} size="sm" component="span" display="block">
                {one.title}
              </Text>
              <Text size="sm" c="dimmed" component="span" display="block">
                {one.sentence}
              </Text>
            </span>
          </Link>
        ))}
      </SimpleGrid>
    </Page>
  );
}

function NewAccount({ space, kind }: { space: string; kind: Kind }) {
  const creating = useCreate("accounts", space);
  const form = useForm(newAccount(kind.type), creating.error);
  const navigate = useNavigate();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        creating.mutate(form.value, {
          onSuccess: (made) =>
            navigate({ to: "/app/$space/infrastructure/accounts/$account", params: { space, account: made.Id } }),
        });
      }}
    >
      <Stack maw={1100}>
        <FormFaults form={form} title="The account was not added" />
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Stack>
              <Panel title="The account">
                <Stack>
                  <TextInput label="Name" required withAsterisk={false} {...form.field("Name")} />
                  <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
                  <AccountFields form={form} />
                </Stack>
              </Panel>
              {kind.isOidc && (
                <Panel title="Tokens">
                  <OidcFields space={space} form={form} />
                </Panel>
              )}
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Panel title="Where it may be used">
              <Stack>
                <RestrictFields space={space} form={form} />
              </Stack>
            </Panel>
          </Grid.Col>
        </Grid>
        <Group gap="xs">
          <ActionButton type="submit" loading={creating.isPending} need={{ permission: "AccountCreate", space }}>
            Add the account
          </ActionButton>
          <ButtonLink to="/app/$space/infrastructure/accounts/new" params={{ space }} search={{}} variant="default">
            Back
          </ButtonLink>
        </Group>
      </Stack>
    </form>
  );
}
