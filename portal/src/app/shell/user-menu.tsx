import { Avatar, Box, Menu, SegmentedControl, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconRoute,
  IconSun,
  IconUser,
} from "@tabler/icons-react";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { meQuery, signOut } from "@/api/session";
import { MenuLink } from "@/components/links";
import { notifyError } from "@/lib/notify";
import { forgetDrafts } from "@/lib/use-draft";
import classes from "./shell.module.css";

const THEMES = [
  { value: "light", label: <IconSun size={16} aria-label="Light" /> },
  { value: "dark", label: <IconMoon size={16} aria-label="Dark" /> },
  { value: "auto", label: <IconDeviceDesktop size={16} aria-label="As the system" /> },
];

export function UserMenu({ space, onShortcuts }: { space: string; onShortcuts: () => void }) {
  const { data: me } = useSuspenseQuery(meQuery);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leaving = useMutation({
    mutationFn: signOut,
    // A page load, so that nothing of the one who leaves stays in memory.
    onSuccess: () => {
      forgetDrafts();
      window.location.assign("/app/sign-in");
    },
    onError: (error) => notifyError("You could not be signed out", error),
  });
  return (
    <Menu position="top-start" width={208} shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.user}>
          <Avatar size={28} radius="xl" color="plum" name={me.DisplayName} />
          <Text size="sm" fw={500} truncate>
            {me.DisplayName}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Box px="sm" py={6}>
          <Text size="xs" c="dimmed" mb={6}>
            Theme
          </Text>
          <SegmentedControl
            fullWidth
            size="xs"
            data={THEMES}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
            aria-label="Theme"
          />
        </Box>
        <Menu.Divider />
        <MenuLink leftSection={<IconUser size={16} />} to="/app/profile">
          Profile and API keys
        </MenuLink>
        <MenuLink leftSection={<IconRoute size={16} />} to="/app/$space/start" params={{ space }}>
          First steps
        </MenuLink>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onShortcuts} visibleFrom="sm">
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leaving.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
