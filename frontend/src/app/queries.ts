/** What the pages have asked the server, and how often they try. */

import { QueryClient } from "@tanstack/react-query";

import { ApiError } from "@/api/client";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays a refusal; only a missing answer or a busy server is asked again.
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
      refetchOnWindowFocus: false,
    },
  },
});
