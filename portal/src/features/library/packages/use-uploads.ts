import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer, useRef } from "react";
import { type Overwrite, pushPackage } from "./pushing";
import { after, nextOf, type Upload, uploadOf } from "./upload-queue";

/** Files on their way into the feed, one after another, each with what became of it. */
export function useUploads(space: string) {
  const client = useQueryClient();
  const [uploads, tell] = useReducer(after, []);
  const sending = useRef(new Map<number, AbortController>());
  const next = nextOf(uploads);

  useEffect(() => {
    if (!next || sending.current.has(next.key)) return;
    const { key, file, overwrite } = next;
    const controller = new AbortController();
    sending.current.set(key, controller);
    tell({ kind: "started", key });
    const onProgress = (share: number) => tell({ kind: "went", key, share });
    pushPackage(space, file, overwrite, { onProgress, signal: controller.signal })
      .then((pushed) => tell({ kind: "stored", key, pushed }))
      .catch((error) => tell({ kind: "failed", key, error }))
      .finally(() => {
        sending.current.delete(key);
        void client.invalidateQueries({ queryKey: ["packages", space] });
      });
  }, [next, space, client]);

  return {
    uploads,
    add: (files: readonly File[], overwrite: Overwrite) =>
      tell({ kind: "added", uploads: files.map((file) => uploadOf(file, overwrite)) }),
    cancel: ({ key }: Upload) => {
      tell({ kind: "cancelled", key });
      sending.current.get(key)?.abort();
    },
    again: ({ key }: Upload, overwrite?: Overwrite) => tell({ kind: "again", key, overwrite }),
    clear: () => tell({ kind: "cleared" }),
  };
}
