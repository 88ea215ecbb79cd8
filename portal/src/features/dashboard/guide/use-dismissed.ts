import { useLocalStorage } from "@mantine/hooks";

/** Whether the guide of a space was put aside in this browser; the user menu leads to it all the same. */
export function useDismissed(space: string) {
  const [dismissed, setDismissed] = useLocalStorage<string[]>({
    key: "polpo-guide-dismissed",
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  return {
    isDismissed: dismissed.includes(space),
    dismiss: () => setDismissed((old) => [...old.filter((one) => one !== space), space]),
  };
}
