import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useNames } from "@/api/things";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink, TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { useList } from "@/lib/use-list";
import { pageQuery } from "../crud";
import { SelectFilter } from "../filter";
import { type Account, KINDS, kindOf } from "./types";

export function AccountsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/accounts" });
  const list = useList<"type">();
  const accounts = useQuery(pageQuery("accounts", space, list, { accountType: list.filters.type }));
  const ids = [...new Set((accounts.data?.Items ?? []).flatMap(placesOf))];
  const nameOf = useNames("environments", space, ids);
  const add = (
    <Permitted need={{ permission: "AccountCreate", space }}>
      {(may) => (
        <ButtonLink
          to="/app/$space/infrastructure/accounts/new"
          params={{ space }}
          leftSection={<IconPlus size={16} />}
          disabled={!may}
        >
          Add an account
        </ButtonLink>
      )}
    </Permitted>
  );
  return (
    <Page
      title="Accounts"
      description="Credentials with a name, for targets, steps and variables. What is secret in them is never shown again."
      actions={add}
    >
      <ListPanel
        what="The accounts"
        list={list}
        query={accounts}
        find="Find by name"
        filters={
          <SelectFilter
            label="Type"
            w={220}
            data={KINDS.map((kind) => ({ value: kind.type, label: kind.title }))}
            value={list.filters.type}
            onChange={(type) => list.narrow({ type })}
          />
        }
        empty={
          <EmptyState icon={IconKey} title="No account yet" action={add}>
            You need one before you can add a target by SSH, a cluster or a cloud service.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable label="Accounts" rows={items} columns={columnsOf(space, nameOf)} keyOf={(one) => one.Id} />
        )}
      </ListPanel>
    </Page>
  );
}

function placesOf(account: Account): string[] {
  return account.EnvironmentIds ?? [];
}

function columnsOf(space: string, nameOf: (id: string) => string): Column<Account>[] {
  return [
    {
      head: "Account",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/infrastructure/accounts/$account" params={{ space, account: one.Id }} c="inherit">
              {one.Name}
            </TextLink>
          }
        >
          {one.Description}
        </NameCell>
      ),
    },
    { head: "Type", width: 260, cell: (one) => kindOf(one.AccountType)?.title ?? one.AccountType },
    {
      head: "Environments",
      wideOnly: true,
      dimmed: true,
      cell: (one) => placesOf(one).map(nameOf).join(", ") || "All",
    },
  ];
}
