/** What is asked about a project's webhooks. */

import { queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

const OFTEN_MS = 2_000;
const SOON_MS = 60_000;

export type WebhookEvent = Schemas["WebhookEvent"];

/** In the order in which they happen. */
export const EVENTS: readonly WebhookEvent[] = [
  "batch.done",
  "item.settled",
  "batch.signed_off",
  "batch.returned",
  "export.done",
  "group.done",
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
    "group.done": "group_done",
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

/** Asked often while a message is being sent or soon will be. */
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
    refetchInterval: ({ state }) => 
      state.data?.some((delivery) => isUnderWay(delivery)) === true ? OFTEN_MS : false,
  });
}

/** Being tried, or about to be: the next of several tries may be hours away and is not waited for. */
export function isUnderWay({ state, next_try_at: next }: Schemas["Delivery"], now = Date.now()): boolean {
  if (state !== "requested") return state === "running";
  return next === null || Date.parse(next) - now < SOON_MS;
}
