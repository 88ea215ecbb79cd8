import { useLocalStorage } from "@mantine/hooks";

/** The groups that the user has folded, by their ids; kept in this browser. */
export function useFolded() {
  const [folded, setFolded] = useLocalStorage<string[]>({
    key: "polpo-dashboard-folded",
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  return {
    isFolded: (group: string) => folded.includes(group),
    toggle: (group: string) =>
      setFolded((old) => (old.includes(group) ? old.filter((one) => one !== group) : [...old, group])),
  };
}
