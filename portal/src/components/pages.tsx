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
      <Pagination size="sm" total={Math.ceil(total / size)} value={page} onChange={onPage} />
    </Group>
  );
}
