import { Select, Text } from "@mantine/core";
import { useState } from "react";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import { type Feed, type FeedType, useSaveFeed } from "./api";
import { FeedFields } from "./feed-fields";
import { KINDS, newFeed, wayOf, wordOf } from "./kinds";

interface Props {
  space: string;
  feed: Feed;
  onSaved: (feed: Feed) => void;
  onClose: () => void;
}

/** A feed in a dialog, to be added or changed. */
export function FeedForm({ space, feed, onSaved, onClose }: Props) {
  const saving = useSaveFeed(space);
  const form = useForm(feed, saving.error);
  const [way, setWay] = useState(wayOf(feed));
  const isNew = !feed.Id;
  const choose = (type: FeedType) => {
    const next = newFeed(type);
    form.set({ ...next, Name: form.value.Name });
    setWay(wayOf(next));
  };
  return (
    <FormModal
      title={isNew ? "Add a feed" : `Change ${feed.Name}`}
      action={isNew ? "Add" : "Save"}
      size="lg"
      form={form}
      pending={saving.isPending}
      need={{ permission: "FeedEdit", space }}
      onSubmit={() => saving.mutate(form.value, { onSuccess: onSaved })}
      onClose={onClose}
    >
      {isNew ? (
        <Select
          label="Kind"
          description={KINDS[form.value.FeedType]?.about}
          allowDeselect={false}
          searchable
          data={Object.entries(KINDS).map(([value, kind]) => ({ value, label: kind.word }))}
          value={form.value.FeedType}
          onChange={(value) => value && choose(value as FeedType)}
          error={form.fault("FeedType")}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {wordOf(feed.FeedType)}. {KINDS[feed.FeedType]?.about} What kind a feed is cannot be changed.
        </Text>
      )}
      <FeedFields form={form} way={way} onWay={setWay} />
    </FormModal>
  );
}
