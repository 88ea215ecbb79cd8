import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { DataTable, NameCell } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { type Feed, searchQuery } from "./api";

/** Asks the feed for packages and shows what the server answers: the proof that it works, or why it does not. */
export function FeedSearch({ space, feed }: { space: string; feed: Feed }) {
  const [words, setWords] = useState("");
  const [asked, setAsked] = useState<string | null>(null);
  const found = useQuery({ ...searchQuery(space, feed.Id, asked ?? ""), enabled: asked !== null });
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (asked === words.trim()) void found.refetch();
    else setAsked(words.trim());
  };
  return (
    <Panel title="Look into the feed">
      <Stack>
        <form onSubmit={ask}>
          <Group gap="xs" wrap="nowrap">
            <TextInput
              aria-label="Part of a package's id"
              placeholder="Part of a package's id"
              leftSection={<IconSearch size={15} />}
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
              style={{ flex: 1 }}
            />
            <Button type="submit" variant="default" loading={found.isFetching}>
              Search
            </Button>
          </Group>
        </form>
        {asked === null ? (
          <Text size="sm" c="dimmed">
            Search to see whether the feed answers. Without words, the first packages are shown.
          </Text>
        ) : (
          <Loaded query={found} what="The packages of the feed" rows={3}>
            {({ Items, TotalResults }) =>
              Items.length === 0 ? (
                <Text size="sm">The feed answered: no package has this in its id.</Text>
              ) : (
                <>
                  <Text size="sm" c="dimmed" className="numbers">
                    The feed answered with {TotalResults === 1 ? "1 package" : `${TotalResults} packages`}.
                  </Text>
                  <DataTable
                    label="Found packages"
                    rows={Items}
                    keyOf={(one) => one.Id}
                    minWidth={260}
                    columns={[
                      {
                        head: "Package",
                        cell: (one) => (
                          <NameCell
                            name={
                              <TextLink
                                to="/app/$space/library/packages/$packageId"
                                params={{ space, packageId: one.Id }}
                                c="inherit"
                              >
                                {one.Name}
                              </TextLink>
                            }
                          >
                            {one.Description}
                          </NameCell>
                        ),
                      },
                      { head: "Newest version", width: 140, dimmed: true, cell: (one) => one.LatestVersion },
                    ]}
                  />
                </>
              )
            }
          </Loaded>
        )}
      </Stack>
    </Panel>
  );
}
