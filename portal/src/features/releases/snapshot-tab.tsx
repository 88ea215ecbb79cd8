import { SegmentedControl } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { DifferenceView } from "./difference-view";
import { FrozenProcess } from "./frozen-process";
import { FrozenVariables } from "./frozen-variables";

const VIEWS = [
  { value: "variables", label: "Variables" },
  { value: "process", label: "Process" },
  { value: "difference", label: "Difference from today" },
];

/** What a release has fixed, and how that differs from what the project has today. */
export function SnapshotTab() {
  const { view } = useSearch({ from: "/shell/app/$space/projects/$project/releases/$version/snapshot" });
  const navigate = useNavigate({ from: "/app/$space/projects/$project/releases/$version/snapshot" });
  const shown = VIEWS.some((one) => one.value === view) ? view : "variables";
  return (
    <>
      <SegmentedControl
        mb="md"
        aria-label="What to show of the snapshot"
        data={VIEWS}
        value={shown}
        onChange={(next) => navigate({ search: { view: next === "variables" ? undefined : next }, replace: true })}
      />
      {shown === "variables" && <FrozenVariables />}
      {shown === "process" && <FrozenProcess />}
      {shown === "difference" && <DifferenceView />}
    </>
  );
}
