import { Group, Pagination } from "@mantine/core";

interface Props {
  total: number;
  size: number;
  page: number;
  onPage: (page: number) => void;
}

/** Steps through a long list; nothing where all is on one page. */
export function Pages({ total, size, page, onPage }: Props) {
  if (total <= size) return null;
  return (
    <Group justify="center" p="sm">
      <Pagination size="sm" total={Math.ceil(total / size)} value={page} onChange={onPage} getControlProps={named} />
    </Group>
  );
}

const NAMES: Record<string, string> = {
  first: "First page",
  previous: "Page before",
  next: "Next page",
  last: "Last page",
};

function named(control: string) {
  return { "aria-label": NAMES[control] };
}
