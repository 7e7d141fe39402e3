import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Outbox } from "@/annotate/outbox/outbox";
import { PassingStore } from "@/annotate/outbox/passingStore";
import type { Waiting } from "@/annotate/outbox/store";
import type { Claims, MyAnnotation, Stored } from "@/annotate/server";
import { assignment, claims, MPS, prefer } from "@/annotate/testing";
import { NoAnswer } from "@/api/client";

import { Desk, type DeskDeps } from "./desk";

const USER = 1;
const PROJECT = {
  id: 7,
  questions: MPS,
  former_questions: [],
  image_by_image: false,
  lease_seconds: 600,
};
const NOW = Date.parse("2026-11-20T12:00:00Z");

let store: PassingStore;
let sent: Waiting[];
let online: boolean;
let batches: Claims[];
/** How many were to be held: by claims of their own, and along with answers. */
let claimed: number[];
let along: (number | null)[];
let claimsAlong: (Claims | null)[];
let keys: number;
let released: [string, string][];
let history: MyAnnotation[];
let desk: Desk;

function stored(answer: Waiting, hold: number | null): Stored {
  along.push(hold);
  return {
    claims: hold === null ? null : (claimsAlong.shift() ?? null),
    id: `annotation-${sent.length}`,
    sha256: "00",
    at: "2026-11-20T12:00:00Z",
    counted: answer.assignment !== "late",
    revisable_until: "2026-11-20T12:15:00Z",
  };
}

function deps(): DeskDeps {
  return {
    claim: (count) => {
      claimed.push(count);
      const done_today = new Set(sent.map((one) => one.assignment)).size;
      return Promise.resolve(batches.shift() ?? claims([], { done_today }));
    },
    heartbeat: () => Promise.resolve({ held: [], lease_expires_at: null, paused: [] }),
    load: () => Promise.resolve({}),
    unload: () => undefined,
    warm: () => undefined,
    release: (id, reason) => {
      released.push([id, reason]);
      return Promise.resolve();
    },
    fetchAssignment: (id) =>
      Promise.resolve({
        ...assignment(id),
        answers: { overall: { choice: "a" } },
        revisable_until: null,
      }),
    fetchHistory: () => Promise.resolve(history),
    newKey: () => `key-${++keys}`,
    view: () => ({ viewport: { width: 1280, height: 720 }, device_pixel_ratio: 1 }),
    now: () => Date.now(),
    random: () => 0,
  };
}

/** A page load: the store stays, all else is new. */
async function openPage(): Promise<Desk> {
  const outbox = new Outbox(USER, store, {
    send: (answer, hold) => {
      if (!online) return Promise.reject(new NoAnswer("offline"));
      sent.push(answer);
      return Promise.resolve(stored(answer, hold));
    },
    whoAmI: () => Promise.resolve(USER),
    alone: (_name, work) => work(),
    random: () => 0,
  });
  await outbox.open();
  const made = new Desk(PROJECT, USER, outbox, store, deps());
  await made.start();
  await vi.advanceTimersByTimeAsync(0);
  return made;
}

function onDesk(): string | undefined {
  return desk.snapshot().open?.assignment.id;
}

async function answer(presses = 4): Promise<void> {
  const id = onDesk();
  if (id !== undefined) desk.dispatch({ type: "armed", id });
  for (let press = 0; press < presses; press++) {
    desk.dispatch(prefer("left"));
    await vi.advanceTimersByTimeAsync(1_000);
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  store = new PassingStore();
  sent = [];
  online = true;
  batches = [claims(["1", "2", "3"])];
  claimed = [];
  along = [];
  claimsAlong = [];
  keys = 0;
  released = [];
  history = [];
});

afterEach(() => {
  desk.dispose();
  vi.useRealTimers();
});

describe("the desk", () => {
  it("takes the next item the moment an answer is given, and sends meanwhile", async () => {
    desk = await openPage();
    expect(onDesk()).toBe("1");

    await answer();

    expect(onDesk()).toBe("2");
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      key: "key-1",
      assignment: "1",
      body: { active_ms: 3_000, view: { zoomed: false, viewport: { width: 1280 } } },
    });
  });

  it("makes a round one request: each answer brings the next item", async () => {
    desk = await openPage();
    claimsAlong = [claims(["2", "3", "4"], { done_today: 1 }), claims(["3", "4", "5"], { done_today: 2 })];

    await answer();
    await answer();

    expect(along).toEqual([3, 3]);
    expect(claimed).toEqual([12]);
    expect(onDesk()).toBe("3");
    expect(desk.queue.snapshot().ready.map((one) => one.assignment.id)).toEqual(["4", "5"]);
    expect(desk.queue.snapshot().doneToday).toBe(2);
  });

  it("claims by itself when an answer could not bring the next item", async () => {
    desk = await openPage();
    claimsAlong = [null];
    batches = [claims(["2", "3", "4"])];

    await answer();

    expect(along).toEqual([3]);
    expect(claimed).toEqual([12, 3]);
    expect(desk.queue.snapshot().ready.map((one) => one.assignment.id)).toEqual(["3", "4"]);
  });

  it("claims by itself when an answer does not get through", async () => {
    desk = await openPage();
    online = false;
    batches = [claims(["1", "2", "3", "4"])];

    await answer();

    expect(claimed).toEqual([12, 4]);
    expect(desk.queue.snapshot().ready.map((one) => one.assignment.id)).toEqual(["3", "4"]);
  });

  it("goes on without a network, and sends all when it is back", async () => {
    desk = await openPage();
    online = false;
    await answer();
    await answer();
    expect(onDesk()).toBe("3");
    expect(desk.outbox.snapshot().waiting).toHaveLength(2);

    online = true;
    await vi.advanceTimersByTimeAsync(60_000);

    expect(sent.map((one) => one.assignment)).toEqual(["1", "2"]);
    expect(desk.outbox.snapshot().waiting).toEqual([]);
  });

  it("brings a half-answered item back after a reload, under the same key", async () => {
    desk = await openPage();
    await answer(2);
    desk.dispose();

    batches = [claims(["1", "2", "3"])];
    desk = await openPage();

    expect(desk.snapshot().open).toMatchObject({
      key: "key-1",
      focus: 2,
      answers: { aesthetics: { choice: "b" }, detail_quality: { choice: "b" } },
    });
  });

  it("doesn't ask again for what is answered and still on its way after a reload", async () => {
    online = false;
    desk = await openPage();
    await answer();
    desk.dispose();

    batches = [claims(["1", "2", "3"])];
    desk = await openPage();

    expect(onDesk()).toBe("2");
  });

  it("undoes over the network's head: the last answer reopens at once, and goes as a change", async () => {
    desk = await openPage();
    await answer();
    desk.dispatch({ type: "undo" });
    await vi.advanceTimersByTimeAsync(0);
    expect(onDesk()).toBe("1");

    desk.dispatch({ type: "armed", id: "1" });
    desk.dispatch(prefer("right"));
    desk.dispatch({ type: "confirm" });
    await vi.advanceTimersByTimeAsync(0);

    expect(onDesk()).toBe("2");
    expect(sent).toHaveLength(2);
    expect(sent[1]?.key).not.toBe(sent[0]?.key);
    expect(sent[1]).toMatchObject({
      assignment: "1",
      body: { answers: { aesthetics: { choice: "a" }, overall: { choice: "b" } } },
    });
    expect(desk.queue.snapshot().doneToday).toBe(1);
  });

  it("reopens after a reload what was answered before it", async () => {
    desk = await openPage();
    await answer();
    desk.dispose();
    batches = [claims(["2", "3"])];
    desk = await openPage();

    desk.dispatch({ type: "undo" });
    await vi.advanceTimersByTimeAsync(0);

    expect(desk.snapshot().open).toMatchObject({
      assignment: { id: "1" },
      before: { overall: { choice: "a" } },
    });
    expect(desk.snapshot().parked?.assignment.id).toBe("2");
  });

  it("undoes what was answered on another computer, while it may be changed", async () => {
    history = ["elsewhere", "long ago"].map((id) => ({
      id: `annotation-${id}`,
      assignment: id,
      at: "2026-11-20T11:00:00Z",
      sha256: "00",
      counted: true,
      revisable_until: id === "elsewhere" ? "2026-11-20T23:00:00Z" : "2026-11-20T11:59:00Z",
      prompt: "",
      thumbnail_urls: [],
      rejected: null,
    }));
    desk = await openPage();
    await answer();

    desk.dispatch({ type: "undo" });
    await vi.advanceTimersByTimeAsync(0);
    expect(onDesk()).toBe("1");
    desk.dispatch({ type: "undo" });
    await vi.advanceTimersByTimeAsync(0);
    expect(onDesk()).toBe("elsewhere");
    desk.dispatch({ type: "undo" });

    expect(desk.snapshot().notice).toEqual({ what: "nothing_to_undo" });
  });

  it("gives a skipped item back, and never sends it", async () => {
    desk = await openPage();
    await answer(1);

    desk.dispatch({ type: "skip", reason: "broken" });
    await vi.advanceTimersByTimeAsync(1_000);

    expect(released).toEqual([["1", "broken"]]);
    expect(onDesk()).toBe("2");
    expect(sent).toEqual([]);
  });

  it("says so when an answer came too late to count", async () => {
    batches = [claims(["late", "2"])];
    desk = await openPage();

    await answer();

    expect(desk.snapshot().notice).toEqual({ what: "late" });
  });
});
