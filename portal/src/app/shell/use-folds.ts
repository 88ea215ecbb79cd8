import { useLocalStorage } from "@mantine/hooks";
import { useEffect } from "react";

type Folds = Record<string, boolean>;

/**
 * Which groups of the navigation are open. The one that holds the screen opens when it is come to; apart from that a
 * group stays as the user left it.
 */
export function useFolds(current: string | null) {
  const [folds, setFolds] = useLocalStorage<Folds>({
    key: "polpo-navigation",
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  useEffect(() => {
    if (current !== null) setFolds((old) => (old[current] ? old : { ...old, [current]: true }));
  }, [current, setFolds]);
  return {
    isOpen: (heading: string) => folds[heading] ?? false,
    toggle: (heading: string) => setFolds((old) => ({ ...old, [heading]: !old[heading] })),
  };
}
