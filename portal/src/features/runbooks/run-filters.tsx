import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { environmentsQuery } from "@/api/reference";

const STATES = [
  { value: "Executing,Queued,Cancelling", label: "Not finished" },
  { value: "Success", label: "Succeeded" },
  { value: "Failed,TimedOut", label: "Failed" },
  { value: "Canceled", label: "Cancelled" },
];

interface Props {
  space: string;
  filters: { environment?: string; state?: string };
  narrow: (patch: { environment?: string | null; state?: string | null }) => void;
}

/** Where runs were, and how they came out. */
export function RunFilters({ space, filters, narrow }: Props) {
  const { data: environments = [] } = useQuery(environmentsQuery(space));
  return (
    <>
      <Select
        aria-label="Environment"
        placeholder="All environments"
        clearable
        searchable
        data={environments.map((one) => ({ value: one.Id, label: one.Name }))}
        value={filters.environment ?? null}
        onChange={(environment) => narrow({ environment })}
        w={190}
      />
      <Select
        aria-label="State"
        placeholder="All states"
        clearable
        data={STATES}
        value={filters.state ?? null}
        onChange={(state) => narrow({ state })}
        w={160}
      />
    </>
  );
}
