import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { PAGE } from "@/lib/search";
import { answer, api, pageOf } from "./client";

/** What the audit trail has of a document: who did what with it, and when. */
export const eventsOfQuery = (space: string, regarding: string, page: number) =>
  queryOptions({
    queryKey: ["events", "of", regarding, page],
    queryFn: () => {
      const query = { regarding, ...pageOf(page, PAGE) };
      return answer(api.GET("/api/{space}/events", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
  });
