import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { tagParts, tagSetsQuery } from "@/api/tag-sets";
import classes from "./tag-chips.module.css";

/** A tag's own colour, beside its name: as a ground it could make the name unreadable. */
export function TagDot({ color }: { color: string | undefined }) {
  return <span className={classes.dot} style={{ background: color }} aria-hidden />;
}

interface Props {
  space: string;
  names: readonly string[];
  /** Without the names of the sets, where these are told already. */
  isShort?: boolean;
}

/** Tags by their canonical names, `Set/Tag`, in the colours that their sets give them. */
export function TagChips({ space, names, isShort }: Props) {
  const { data: sets } = useQuery({ ...tagSetsQuery(space), enabled: names.length > 0 });
  if (names.length === 0) return null;
  const colors = new Map(sets?.flatMap((set) => set.Tags.map((tag) => [tag.CanonicalTagName, tag.Color])));
  return (
    <Group gap={4}>
      {names.map((name) => {
        const { set, tag } = tagParts(name);
        return (
          <span key={name} className={classes.chip}>
            <TagDot color={colors.get(name)} />
            <span>
              {set && !isShort && <span className={classes.set}>{set}: </span>}
              {tag}
            </span>
          </span>
        );
      })}
    </Group>
  );
}
