import { Button } from "@mantine/core";
import { IconCertificate, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { Ago } from "@/components/time";
import { useNow } from "@/lib/now";
import { useList } from "@/lib/use-list";
import { pageQuery } from "../crud";
import { SelectFilter, ThingFilter } from "../filter";
import { AddCertificate } from "./add-certificate";
import type { Certificate } from "./api";
import { expiryOf } from "./expiry";

const SHOWN = [{ value: "true", label: "Archived" }];
const ORDERS = [
  { value: "NotAfter", label: "First to expire" },
  { value: "-NotAfter", label: "Last to expire" },
];

export function CertificatesScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/certificates" });
  const [adding, setAdding] = useState(false);
  const list = useList<"tenant" | "archived" | "order">();
  const { tenant, archived, order } = list.filters;
  // Its words are looked for in subjects and thumbprints, too.
  const filters = { search: list.q || undefined, tenant, archived, orderBy: order };
  const certificates = useQuery(pageQuery("certificates", space, { q: "", page: list.page }, filters));
  const now = useNow(false);
  const add = (
    <ActionButton
      need={{ permission: "CertificateCreate", space }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      Add a certificate
    </ActionButton>
  );
  return (
    <Page
      title="Certificates"
      description="Certificates and their keys, for variables and clusters. Events tell 20 and 10 days before one expires."
      actions={add}
    >
      <ListPanel
        what="The certificates"
        list={list}
        query={certificates}
        find="Find by name, subject or thumbprint"
        filters={
          <>
            <ThingFilter
              kind="tenants"
              space={space}
              label="Tenant"
              value={tenant}
              onChange={(value) => list.narrow({ tenant: value })}
            />
            <SelectFilter
              label="In use"
              data={SHOWN}
              value={archived}
              onChange={(value) => list.narrow({ archived: value })}
              w={130}
            />
            <SelectFilter
              label="By name"
              data={ORDERS}
              value={order}
              onChange={(value) => list.narrow({ order: value })}
              w={150}
            />
          </>
        }
        empty={
          <EmptyState
            icon={IconCertificate}
            title="No certificate yet"
            action={
              <>
                {add}{" "}
                <Button variant="default" onClick={() => list.narrow({ archived: "true" })}>
                  Show archived ones
                </Button>
              </>
            }
          >
            Upload a PFX, PEM or DER file. A variable whose value is a certificate gives its parts to scripts.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label="Certificates"
            rows={items}
            columns={columnsOf(space, now)}
            keyOf={(one) => one.Id}
            minWidth={560}
          />
        )}
      </ListPanel>
      {adding && <AddCertificate space={space} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function columnsOf(space: string, now: number): Column<Certificate>[] {
  return [
    {
      head: "Certificate",
      cell: (one) => (
        <NameCell
          name={
            <TextLink
              to="/app/$space/infrastructure/certificates/$certificate"
              params={{ space, certificate: one.Id }}
              c="inherit"
            >
              {one.Name}
            </TextLink>
          }
        >
          {one.SubjectCommonName || one.SubjectDistinguishedName}
        </NameCell>
      ),
    },
    { head: "Issuer", dimmed: true, wideOnly: true, cell: issuerOf },
    {
      head: "State",
      width: 180,
      cell: (one) => {
        const { of, word } = expiryOf(one, now);
        return <StateBadge of={of} word={word} />;
      },
    },
    { head: "Expires", width: 140, dimmed: true, cell: (one) => one.NotAfter && <Ago at={one.NotAfter} /> },
    {
      head: "Key",
      width: 90,
      dimmed: true,
      wideOnly: true,
      cell: (one) => (one.HasPrivateKey ? "With key" : "Without"),
    },
  ];
}

function issuerOf(one: Certificate): string {
  if (one.SelfSigned) return "Itself";
  return one.IssuerCommonName || one.IssuerOrganization || one.IssuerDistinguishedName;
}
