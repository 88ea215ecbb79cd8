import { Text } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { refusalQuery } from "@/api/rights";
import { meQuery } from "@/api/session";
import { ErrorNotice } from "@/components/error-notice";
import { Notice } from "@/components/notice";
import type { Need } from "@/components/permitted";
import type { Draft } from "@/lib/use-draft";
import { ConflictNotice } from "./conflict-notice";
import classes from "./editor.module.css";
import type { Process } from "./model/document";
import type { Merged } from "./model/merging";
import type { Subject } from "./subject";
import type { Saving } from "./use-process-draft";

interface Props<P extends Process> {
  subject: Subject<P>;
  readOnly: boolean;
  merged: Merged<Process> | null;
  draft: Draft<Process>;
  saving: Saving;
  onMerge: () => void;
}

/** What has to be known of the whole process: that it cannot be changed, that others changed it, why a save failed. */
export function Notices<P extends Process>({ subject, readOnly, merged, draft, saving, onMerge }: Props<P>) {
  return (
    <div className={classes.notices}>
      {readOnly && <ReadOnly need={subject.need} />}
      {merged ? (
        <ConflictNotice merged={merged} onMerge={onMerge} onTakeTheirs={draft.discard} />
      ) : (
        Boolean(saving.error) &&
        draft.isChanged && <ErrorNotice error={saving.error} title="The process is not saved" />
      )}
    </div>
  );
}

function ReadOnly({ need: { permission, ...place } }: { need: Need }) {
  const { data: me } = useQuery(meQuery);
  const { data } = useQuery({ ...refusalQuery(me?.Id ?? "", permission, place), enabled: me !== undefined });
  return (
    <Notice tone="idle" icon={IconEye} title="You can look at this process, and not change it">
      <Text size="sm">{data && !data.IsAllowed ? data.Sentence : `It takes the permission ${permission}.`}</Text>
    </Notice>
  );
}
