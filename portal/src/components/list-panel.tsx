import { Anchor, CloseButton, Group, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { PAGE } from "@/lib/search";
import classes from "./list-panel.module.css";
import { Loaded } from "./loaded";
import { Panel } from "./page";
import { Pages } from "./pages";

/** A page of a list, as the API answers it. */
interface Slice<T> {
  Items: T[];
  TotalResults: number;
}

interface ListLike {
  q: string;
  page: number;
  isNarrowed: boolean;
  narrow: (patch: { q: string | null }) => void;
  clear: () => void;
  goTo: (page: number) => void;
}

interface Props<T> {
  /** What is listed, with its article: "The accounts". */
  what: string;
  list: ListLike;
  query: UseQueryResult<Slice<T>>;
  size?: number;
  /** What the words are looked for in: "Find by name". Without it there is no field for words. */
  find?: string;
  /** Selects beside the field for words. */
  filters?: ReactNode;
  /** Shown when there is nothing at all: says what to do first. */
  empty: ReactNode;
  /** Several surfaces instead of one, which the content brings along. */
  isSplit?: boolean;
  children: (items: T[]) => ReactNode;
}

/** A list that the server pages: words and filters above, what fits below, and a way out where nothing fits. */
export function ListPanel<T>({ what, list, query, size = PAGE, find, filters, empty, isSplit, children }: Props<T>) {
  const isBare = query.data?.TotalResults === 0 && !list.isNarrowed;
  return (
    <>
      {!isBare && (find || filters) && (
        <Group mb="md" gap="xs" className={classes.bar}>
          {find && <Words label={find} list={list} />}
          {filters}
          {query.data && <Count total={query.data.TotalResults} isNarrowed={list.isNarrowed} onClear={list.clear} />}
        </Group>
      )}
      <Surface isBare={isSplit && Boolean(query.data?.Items.length)}>
        <Loaded query={query} what={what} rows={8}>
          {({ Items, TotalResults }) => {
            if (Items.length === 0) return list.isNarrowed || list.page > 1 ? <NothingFits list={list} /> : empty;
            return (
              <>
                {children(Items)}
                <Pages total={TotalResults} size={size} page={list.page} onPage={list.goTo} />
              </>
            );
          }}
        </Loaded>
      </Surface>
    </>
  );
}

function Surface({ isBare, children }: { isBare: boolean | undefined; children: ReactNode }) {
  return isBare ? children : <Panel flush>{children}</Panel>;
}

function Words({ label, list }: { label: string; list: ListLike }) {
  const [words, setWords] = useState(list.q);
  const send = useDebouncedCallback((q: string) => list.narrow({ q: q.trim() || null }), 250);
  useEffect(() => setWords(list.q), [list.q]);
  const type = (next: string) => {
    setWords(next);
    send(next);
  };
  return (
    <TextInput
      type="search"
      className={classes.words}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={15} />}
      rightSection={words && <CloseButton size="sm" onClick={() => type("")} aria-label="Clear the words" />}
      value={words}
      onChange={(event) => type(event.currentTarget.value)}
      w={{ base: "100%", xs: 280 }}
    />
  );
}

function Count({ total, isNarrowed, onClear }: { total: number; isNarrowed: boolean; onClear: () => void }) {
  return (
    <Text size="sm" c="dimmed" ml="auto" role="status" className="numbers">
      {total.toLocaleString("en-US")} {isNarrowed ? "found" : "in all"}
      {isNarrowed && (
        <>
          {" · "}
          <Anchor component="button" type="button" size="sm" onClick={onClear}>
            Show all
          </Anchor>
        </>
      )}
    </Text>
  );
}

function NothingFits({ list }: { list: ListLike }) {
  return (
    <Text size="sm" c="dimmed" p="xl" ta="center">
      {list.isNarrowed ? "Nothing fits. " : "There is nothing on this page. "}
      <Anchor component="button" type="button" size="sm" onClick={list.clear}>
        Show all
      </Anchor>
    </Text>
  );
}
