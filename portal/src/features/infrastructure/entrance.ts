import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";

/** Where agents come in, by what they know the server, and which version of the agent the server brings. */
export const entranceQuery = queryOptions({
  queryKey: ["agent-entrance"],
  queryFn: () => answer(api.GET("/api/serverstatus/agents")),
  staleTime: 300_000,
});
