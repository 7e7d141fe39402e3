import { describe, expect, it } from "vitest";

import type { Schemas } from "@/api/client";

import { isUnderWay } from "./queries";

const NOW = Date.parse("2026-11-30T04:00:00Z");

function delivery(state: Schemas["Delivery"]["state"], next: string | null): Schemas["Delivery"] {
  const attempt = { at: "2026-11-30T03:59:00Z", milliseconds: 5, status: 500, error: null };
  return {
    id: 1,
    event: "ping",
    message_id: "msg_1",
    body: "{}",
    state,
    created_at: "2026-11-30T03:59:00Z",
    next_try_at: next,
    attempts: [attempt],
  };
}

describe("a message that was tried before", () => {
  it.each([
    ["running", null, true],
    ["requested", null, true],
    ["requested", "2026-11-30T04:00:05Z", true],
    ["requested", "2026-11-30T03:59:58Z", true],
    ["requested", "2026-11-30T05:00:00Z", false],
    ["done", null, false],
    ["failed", null, false],
  ] as const)("is looked after where it is %s, next at %s: %s", (state, next, looked) => {
    expect(isUnderWay(delivery(state, next), NOW)).toBe(looked);
  });
});
