import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter, useLocation, useRoutes } from "react-router";

import { ApiError } from "@/api/client";

import { askAhead } from "./ahead";
import { ErrorBoundary } from "./ErrorBoundary";
import { routes } from "./routes";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays a refusal; only a missing answer or a busy server is asked again.
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
      refetchOnWindowFocus: false,
    },
  },
});

askAhead(queries, window.location.pathname);

/** react-router's plain routes: its loaders and actions are half of its size, and nobody's here. */
function Pages() {
  const page = useRoutes(routes);
  return <ErrorBoundary at={useLocation().key}>{page}</ErrorBoundary>;
}

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <BrowserRouter>
        <Pages />
      </BrowserRouter>
    </QueryClientProvider>
  );
}
