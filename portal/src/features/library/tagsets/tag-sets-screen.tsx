import { Group } from "@mantine/core";
import { IconArrowsSort, IconPlus, IconTags } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type TagSet, tagSetsQuery } from "@/api/tag-sets";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { OrderModal } from "@/components/order-modal";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { TagChips } from "@/components/tag-chips";
import { useOrderTagSets } from "./api";
import { wordOfScope, wordOfType } from "./model";
import { NewTagSet } from "./new-tag-set";

const SHOWN = 12;

/** The vocabularies with which tenants, environments, projects, runbooks and targets are described. */
export function TagSetsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/library/tag-sets" });
  const [dialog, setDialog] = useState<"add" | "order" | null>(null);
  const sets = useQuery(tagSetsQuery(space));
  const ordering = useOrderTagSets(space);
  const order = { permission: "TagSetEdit", space };
  const add = (
    <ActionButton
      need={{ permission: "TagSetCreate", space }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setDialog("add")}
    >
      Add a tag set
    </ActionButton>
  );
  return (
    <Page
      title="Tag sets"
      description="Words to describe tenants and other things with, and to choose them by."
      actions={
        <Group gap="xs">
          {(sets.data?.length ?? 0) > 1 && (
            <ActionButton
              variant="default"
              need={order}
              leftSection={<IconArrowsSort size={16} />}
              onClick={() => setDialog("order")}
            >
              Change the order
            </ActionButton>
          )}
          {add}
        </Group>
      }
    >
      <Panel flush>
        <Loaded query={sets} what="The tag sets">
          {(found) =>
            found.length === 0 ? (
              <EmptyState icon={IconTags} title="No tag set yet" action={add}>
                Make one such as Region or Plan, and give its tags to tenants: then releases go to all tenants with a
                tag at once.
              </EmptyState>
            ) : (
              <DataTable label="Tag sets" rows={found} columns={columnsOf(space)} keyOf={(one) => one.Id} />
            )
          }
        </Loaded>
      </Panel>
      {dialog === "add" && <NewTagSet space={space} onClose={() => setDialog(null)} />}
      {dialog === "order" && sets.data && (
        <OrderModal
          title="Order of the tag sets"
          things={sets.data}
          need={order}
          pending={ordering.isPending}
          error={ordering.error}
          onSave={(ids) => ordering.mutate(ids, { onSuccess: () => setDialog(null) })}
          onClose={() => setDialog(null)}
        />
      )}
    </Page>
  );
}

function columnsOf(space: string): Column<TagSet>[] {
  return [
    {
      head: "Tag set",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/library/tag-sets/$tagSet" params={{ space, tagSet: one.Id }} c="inherit">
              {one.Name}
            </TextLink>
          }
        >
          {one.Description}
        </NameCell>
      ),
    },
    { head: "Tags", cell: (one) => <Some space={space} of={one} /> },
    { head: "For", width: 220, dimmed: true, wideOnly: true, cell: (one) => one.Scopes.map(wordOfScope).join(", ") },
    { head: "Choice", width: 120, dimmed: true, wideOnly: true, cell: (one) => wordOfType(one.Type) },
  ];
}

function Some({ space, of }: { space: string; of: TagSet }) {
  const more = of.Tags.length - SHOWN;
  return (
    <>
      <TagChips space={space} names={of.Tags.slice(0, SHOWN).map((tag) => tag.CanonicalTagName)} isShort />
      {more > 0 && <span> and {more} more</span>}
    </>
  );
}
