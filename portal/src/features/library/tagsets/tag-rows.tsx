import { ActionIcon, Button, ColorInput, Group, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash, IconUsers } from "@tabler/icons-react";
import type { Tag, TagSet } from "@/api/tag-sets";
import { IconLink } from "@/components/links";
import { Sortable, SortableLine } from "@/components/sortable";
import { COLORS, newTag } from "./model";
import classes from "./tag-rows.module.css";

interface Props {
  space: string;
  set: TagSet;
  fault: string | undefined;
  onChange: (tags: Tag[]) => void;
}

/** The tags of a set, in their order: dragged by the handle, or moved by keyboard with space and the arrows. */
export function TagRows({ space, set, fault, onChange }: Props) {
  const tags = set.Tags;
  const patch = (id: string, part: Partial<Tag>) =>
    onChange(tags.map((tag) => (tag.Id === id ? { ...tag, ...part } : tag)));
  return (
    <>
      {fault && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" px="md" pt="sm">
          {fault}
        </Text>
      )}
      <Sortable things={tags} nameless="The new tag" onOrder={onChange}>
        <ul className={classes.list} aria-label="Tags">
          {tags.map((tag) => (
            <Row
              key={tag.Id}
              space={space}
              tag={tag}
              isForTenants={set.Scopes.includes("Tenant")}
              onChange={(part) => patch(tag.Id, part)}
              onRemove={() => onChange(tags.filter((one) => one.Id !== tag.Id))}
            />
          ))}
        </ul>
      </Sortable>
      <Group p="sm" gap="sm">
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={15} />}
          onClick={() => onChange([...tags, newTag(tags)])}
        >
          Add a tag
        </Button>
        {tags.length === 0 && (
          <Text size="sm" c="dimmed">
            A set needs tags before anything can be described with it.
          </Text>
        )}
      </Group>
    </>
  );
}

interface RowProps {
  space: string;
  tag: Tag;
  isForTenants: boolean;
  onChange: (part: Partial<Tag>) => void;
  onRemove: () => void;
}

function Row({ space, tag, isForTenants, onChange, onRemove }: RowProps) {
  const name = tag.Name || "the new tag";
  const isNew = tag.CanonicalTagName === "";
  return (
    <SortableLine id={tag.Id} name={name} className={classes.row} handleClass={classes.handle}>
      <ColorInput
        aria-label={`Colour of ${name}`}
        className={classes.color}
        swatches={[...COLORS]}
        format="hex"
        withEyeDropper={false}
        value={tag.Color}
        onChange={(Color) => onChange({ Color })}
      />
      <TextInput
        aria-label={isNew ? "Name of the new tag" : `Name of ${tag.CanonicalTagName}`}
        placeholder="Name"
        className={classes.name}
        autoFocus={isNew && tag.Name === ""}
        value={tag.Name}
        onChange={(event) => onChange({ Name: event.currentTarget.value })}
      />
      <TextInput
        aria-label={`Description of ${name}`}
        placeholder="Description"
        className={classes.about}
        value={tag.Description}
        onChange={(event) => onChange({ Description: event.currentTarget.value })}
      />
      <Group gap={2} wrap="nowrap">
        {isForTenants && !isNew && (
          <IconLink
            to="/app/$space/tenants"
            params={{ space }}
            search={{ tags: tag.CanonicalTagName }}
            aria-label={`Tenants with ${tag.CanonicalTagName}`}
          >
            <IconUsers size={16} />
          </IconLink>
        )}
        <ActionIcon aria-label={`Remove ${name}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
    </SortableLine>
  );
}
