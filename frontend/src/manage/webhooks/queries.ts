/** What is asked about a project's webhooks. */

import { queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

const OFTEN_MS = 2_000;

export type WebhookEvent = Schemas["WebhookEvent"];

/** In the order in which they happen. */
export const EVENTS: readonly WebhookEvent[] = [
  "batch.done",
  "item.settled",
  "batch.signed_off",
  "batch.returned",
  "export.done",
  "project.done",
];

/** The key of an event's words. */
export function wordOf(event: string) {
  const words = {
    "batch.done": "batch_done",
    "item.settled": "item_settled",
    "batch.signed_off": "batch_signed_off",
    "batch.returned": "batch_returned",
    "export.done": "export_done",
    "project.done": "project_done",
  } as const;
  return event in words ? words[event as WebhookEvent] : "ping";
}

export function webhooksQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "webhooks"],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/webhooks", {
          params: { path: { project_id: project } },
          signal,
        }),
      ),
  });
}

/** Asked often while a message waits for its first try or is being sent. */
export function deliveriesQuery(webhook: number) {
  return queryOptions({
    queryKey: ["webhook", webhook, "deliveries"],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/webhooks/{webhook_id}/deliveries", {
          params: { path: { webhook_id: webhook } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) === true ? OFTEN_MS : false),
  });
}

/** The next of several tries may be hours away: it is not waited for. */
function isUnderWay({ state, attempts }: Schemas["Delivery"]): boolean {
  return state === "running" || (state === "requested" && attempts.length === 0);
}
