import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, pageOf, type Shape, writeHeaders } from "@/api/client";
import { ApiError, errorFrom } from "@/api/errors";

export type Package = Shape<"PackageFromBuiltInFeed">;

export const PAGE_SIZE = 50;

/** The newest version of each package. */
export const packagesQuery = (space: string, words: string, page: number) =>
  queryOptions({
    queryKey: ["packages", space, words, page],
    queryFn: () => {
      const query = { latest: "true", filter: words, ...pageOf(page, PAGE_SIZE) };
      return answer(api.GET("/api/{space}/packages", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

export const versionsQuery = (space: string, packageId: string, page: number) =>
  queryOptions({
    queryKey: ["packages", space, "versions", packageId, page],
    queryFn: () => {
      const query = { nuGetPackageId: packageId, ...pageOf(page, PAGE_SIZE) };
      return answer(api.GET("/api/{space}/packages", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
  });

export function deletePackage(space: string, id: string): Promise<unknown> {
  return answer(api.DELETE("/api/{space}/packages/{id}", { params: { path: { space, id } } }));
}

export type Overwrite = "FailIfExists" | "OverwriteExisting";

/** Sends a file; tells how much of it has gone, from 0 to 1. XMLHttpRequest, because fetch does not tell. */
export async function pushPackage(
  space: string,
  file: File,
  overwrite: Overwrite,
  onProgress: (share: number) => void,
): Promise<Package> {
  const headers = await writeHeaders();
  const address = `/api/${encodeURIComponent(space)}/packages/raw?overwriteMode=${overwrite}`;
  const form = new FormData();
  form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "json";
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status < 300) resolve(request.response as Package);
      else reject(errorFrom(request.status, request.response));
    });
    request.addEventListener("error", () => reject(new ApiError(0, "The connection broke while the file was sent.")));
    request.send(form);
  });
}
