import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { type Overwrite, type Package, pushPackage } from "./api";

export interface Upload {
  key: number;
  file: File;
  share: number;
  pushed: Package | null;
  error: unknown;
}

let lastKey = 0;

/** Files on their way into the feed, one after another, each with what became of it. */
export function useUploads(space: string) {
  const client = useQueryClient();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const change = useCallback((key: number, part: Partial<Upload>) => {
    setUploads((old) => old.map((one) => (one.key === key ? { ...one, ...part } : one)));
  }, []);
  const push = useCallback(
    async (upload: Upload, overwrite: Overwrite) => {
      try {
        const pushed = await pushPackage(space, upload.file, overwrite, (share) => change(upload.key, { share }));
        change(upload.key, { pushed, share: 1, error: null });
      } catch (error) {
        change(upload.key, { error });
      }
      await client.invalidateQueries({ queryKey: ["packages", space] });
    },
    [space, change, client],
  );
  const add = useCallback(
    async (files: readonly File[]) => {
      const added = files.map((file) => ({ key: ++lastKey, file, share: 0, pushed: null, error: null }));
      setUploads((old) => [...added, ...old]);
      for (const upload of added) await push(upload, "FailIfExists");
    },
    [push],
  );
  const replace = useCallback(
    (upload: Upload) => {
      change(upload.key, { error: null, share: 0 });
      void push(upload, "OverwriteExisting");
    },
    [push, change],
  );
  const clear = useCallback(() => setUploads((old) => old.filter((one) => !one.pushed && !one.error)), []);
  return { uploads, add, replace, clear };
}
