import { Menu, ScrollArea, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconCheck, IconSearch, IconSelector } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRouter, useRouterState } from "@tanstack/react-router";
import { useState } from "react";
import { spacesQuery } from "@/api/session";
import { sectionIn } from "@/lib/sections";
import { useSpace } from "@/lib/use-space";
import classes from "./shell.module.css";

/** From so many spaces on, words narrow them. */
const MANY = 8;

/** Which space one is in, and the way into another one, to the same section. */
export function SpaceSwitch() {
  const current = useSpace();
  const router = useRouter();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { data: spaces = [] } = useQuery(spacesQuery);
  const [words, setWords] = useState("");
  const name = spaces.find((one) => one.Id === current)?.Name ?? current;
  const sought = words.trim().toLowerCase();
  const shown = spaces.filter((one) => one.Name.toLowerCase().includes(sought));
  const go = (space: string) => {
    // What the other space does not have (no permission, no such section) would be a lost page: then to its dashboard.
    const section = sectionIn(path, space);
    void router.navigate({ href: router.getMatchedRoutes(section)[2] ? section : `/app/${space}` });
  };
  return (
    <Menu position="bottom-start" width={224} shadow="md" onClose={() => setWords("")}>
      <Menu.Target>
        <UnstyledButton className={classes.space} aria-label={`Space: ${name}. Change it`}>
          <span className={classes.spaceName}>{name}</span>
          <IconSelector size={15} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {spaces.length > MANY && (
          <TextInput
            size="xs"
            mb={4}
            type="search"
            aria-label="Find a space"
            placeholder="Find a space"
            leftSection={<IconSearch size={13} />}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
        )}
        <ScrollArea.Autosize mah={320}>
          {shown.map((one) => (
            <Menu.Item
              key={one.Id}
              onClick={() => go(one.Id)}
              aria-current={one.Id === current || undefined}
              rightSection={one.Id === current ? <IconCheck size={15} aria-label="You are here" /> : null}
            >
              {one.Name}
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
        {shown.length === 0 && (
          <Text size="sm" c="dimmed" p="xs">
            No space has this in its name.
          </Text>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
