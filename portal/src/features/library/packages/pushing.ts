import { type Shape, writeHeaders } from "@/api/client";
import { ApiError, errorFrom } from "@/api/errors";

/** What happens to a file whose version the feed has already. */
export type Overwrite = "FailIfExists" | "OverwriteExisting" | "IgnoreIfExists";

export interface Pushed {
  package: Shape<"PackageFromBuiltInFeed">;
  /** False where the feed had the version and was left as it was. */
  isNew: boolean;
}

interface Following {
  /** How much of the file has gone, from 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** Sends a file. XMLHttpRequest, because fetch does not tell how much of a body has gone. */
export async function pushPackage(
  space: string,
  file: File,
  overwrite: Overwrite,
  { onProgress, signal }: Following,
): Promise<Pushed> {
  const headers = await writeHeaders();
  const form = new FormData();
  form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/${encodeURIComponent(space)}/packages/raw?overwriteMode=${overwrite}`);
    request.responseType = "json";
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status < 300) resolve({ package: request.response, isNew: request.status === 201 });
      else reject(errorFrom(request.status, request.response));
    });
    request.addEventListener("error", () => reject(new ApiError(0, "The connection broke while the file was sent.")));
    request.addEventListener("abort", () => reject(new ApiError(0, "Cancelled.")));
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
