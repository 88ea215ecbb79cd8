import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/errors";

/** `onSignedOut` runs when the server no longer knows the session. Refusals are final: only lost connections are tried again. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const watch = (error: unknown) => {
    if (error instanceof ApiError && error.status === 401) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => query.queryKey[0] !== "me" && watch(error) }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) =>
        mutation.options.mutationKey?.[0] !== "sign-in" && watch(error),
    }),
    defaultOptions: {
      queries: {
        staleTime: 2000,
        retry: (failures, error) => !(error instanceof ApiError) && failures < 2,
      },
      mutations: { retry: false },
    },
  });
}
