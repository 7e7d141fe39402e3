import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter, useLocation, useRoutes } from "react-router";

import { ErrorBoundary } from "./ErrorBoundary";
import { routes } from "./routes";

/** react-router's plain routes: its loaders and actions are half of its size, and nobody's here. */
function Pages() {
  const page = useRoutes(routes);
  return <ErrorBoundary at={useLocation().key}>{page}</ErrorBoundary>;
}

export function App({ queries }: { queries: QueryClient }) {
  return (
    <QueryClientProvider client={queries}>
      <BrowserRouter>
        <Pages />
      </BrowserRouter>
    </QueryClientProvider>
  );
}
