import { Tabs } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { ARTIFACT_PAGE, artifactsQuery } from "@/api/artifacts";
import { ArtifactTable } from "@/components/artifacts";
import { EmptyState } from "@/components/empty-state";
import { History } from "@/components/history";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Pages } from "@/components/pages";
import { conditionOfTask, isActive } from "@/lib/state";
import type { Task } from "./api";
import { LogView } from "./log/log-view";
import { useRenewTask } from "./queries";
import classes from "./task.module.css";
import { TaskNotices } from "./task-notices";

export interface Part {
  value: string;
  word: string;
  content: ReactNode;
}

interface Props {
  space: string;
  task: Task;
  /** Above all that the task itself has to say. */
  first?: ReactNode;
  /** Tabs besides those that every task has. */
  parts: readonly Part[];
}

/** What a task says: what must be known first, and in tabs its log, what it left, what it did, what was done with it. */
export function TaskBody({ space, task, first, parts }: Props) {
  const search: { tab?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [faultAsked, setFaultAsked] = useState(0);
  const renew = useRenewTask(task.Id);
  const artifacts = useQuery({
    ...artifactsQuery(space, task.Id),
    refetchInterval: task.IsCompleted ? false : 10_000,
  });
  const count = artifacts.data?.TotalResults ?? 0;
  const all: Part[] = [
    ...parts,
    {
      value: "artifacts",
      word: count > 0 ? `Artifacts (${count})` : "Artifacts",
      content: <Artifacts space={space} id={task.Id} />,
    },
    { value: "history", word: "History", content: <History space={space} regarding={task.Id} /> },
  ];
  const tab = all.some((one) => one.value === search.tab) ? search.tab : "log";
  const choose = (next: string | null) =>
    void navigate({
      to: ".",
      search: { tab: next === "log" || next === null ? undefined : next } as never,
      replace: true,
    });
  const isLive = isActive(conditionOfTask(task));
  const showFault = () => {
    choose("log");
    setFaultAsked((old) => old + 1);
  };
  return (
    <>
      {first}
      <TaskNotices space={space} task={task} onFault={showFault} />
      <Tabs value={tab ?? "log"} onChange={choose} className={classes.tabs} keepMounted={false}>
        <Tabs.List mb="sm" className={classes.tabList}>
          <Tabs.Tab value="log">Log</Tabs.Tab>
          {all.map((one) => (
            <Tabs.Tab key={one.value} value={one.value}>
              {one.word}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="log" className={classes.log}>
          <LogView space={space} taskId={task.Id} isLive={isLive} onChange={renew} faultAsked={faultAsked} />
        </Tabs.Panel>
        {all.map((one) => (
          <Tabs.Panel key={one.value} value={one.value}>
            {one.content}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}

function Artifacts({ space, id }: { space: string; id: string }) {
  const [page, setPage] = useState(1);
  const artifacts = useQuery(artifactsQuery(space, id, page));
  return (
    <Panel flush>
      <Loaded query={artifacts} what="The artifacts">
        {({ Items, TotalResults }) =>
          Items.length === 0 ? (
            <EmptyState icon={IconPaperclip} title="No artifact">
              A script keeps a file with <code>new_octopusartifact</code>; it can be downloaded here then.
            </EmptyState>
          ) : (
            <>
              <ArtifactTable space={space} artifacts={Items} />
              <Pages total={TotalResults} size={ARTIFACT_PAGE} page={page} onPage={setPage} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
