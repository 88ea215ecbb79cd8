import { queryOptions, useMutation } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import { errorFrom } from "@/api/errors";
import { useRefresh } from "../crud";

export type Certificate = Shape<"Certificate">;

export function useReplace(space: string, id: string) {
  const onSuccess = useRefresh("certificates", space);
  return useMutation({
    mutationFn: (given: { CertificateData: string; Password: string | null }) =>
      answer(api.POST("/api/{space}/certificates/{id}/replace", { params: { path: { space, id } }, body: given })),
    onSuccess,
  });
}

export function useArchive(space: string, id: string) {
  const onSuccess = useRefresh("certificates", space);
  return useMutation({
    mutationFn: (archives: boolean) => {
      const params = { path: { space, id } };
      return answer(
        archives
          ? api.POST("/api/{space}/certificates/{id}/archive", { params })
          : api.POST("/api/{space}/certificates/{id}/unarchive", { params }),
      );
    },
    onSuccess,
  });
}

export const certificateUsagesQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["certificates", space, "usages", id],
    queryFn: () => answer(api.GET("/api/{space}/certificates/{id}/usages", { params: { path: { space, id } } })),
  });

/** Fetches the exported file and hands it to the browser to be kept. */
export function useExport(space: string, id: string) {
  return useMutation({
    mutationFn: async (given: Record<string, string>) => {
      const response = await fetch(`/api/${space}/certificates/${id}/export?${new URLSearchParams(given)}`);
      if (!response.ok) throw errorFrom(response.status, await response.json().catch(() => null));
      const named = /filename\*?=(?:UTF-8'')?"?([^";]+)"?/i.exec(response.headers.get("Content-Disposition") ?? "");
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await response.blob());
      link.download = decodeURIComponent(named?.[1] ?? "certificate");
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
  });
}
