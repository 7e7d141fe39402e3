import "fake-indexeddb/auto";

import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Claims, Receipt, Stored } from "@/annotate/server";
import { claims } from "@/annotate/testing";
import { ApiError, NoAnswer } from "@/api/client";

import { newKey } from "./newKey";
import { openStore } from "./openStore";
import { Outbox, type OutboxDeps } from "./outbox";
import { PassingStore } from "./passingStore";
import type { Store, Waiting } from "./store";

const ANA = 1;
const BO = 2;

function answer(key: string, assignment = key, at = 1): Omit<Waiting, "user" | "refusal"> {
  return {
    key,
    project: 7,
    assignment,
    body: { answers: { overall: { choice: "a" } }, active_ms: 5400 },
    at,
    prompt: "a cube",
    thumbnails: [],
    first: true,
  };
}

function receipt(key: string): Receipt {
  return {
    id: `annotation-${key}`,
    sha256: "ab".repeat(32),
    at: "2026-11-20T12:01:07Z",
    counted: true,
    revisable_until: "2026-11-20T12:16:07Z",
  };
}

/** A server that answers as it is told, and remembers what it was sent. */
class Server {
  readonly got: Waiting[] = [];
  user: number | null = ANA;
  /** What the next requests meet, in order; then all is well. */
  readonly next: (Error | "lost after storing")[] = [];
  answerFor: (answer: Waiting) => Error | null = () => null;
  readonly holds: (number | null)[] = [];
  /** What is claimed along with the next answers. */
  claims: Claims | null = null;

  send = (answer: Waiting, hold: number | null): Promise<Stored> => {
    this.holds.push(hold);
    const fate = this.next.shift() ?? this.answerFor(answer);
    if (fate instanceof Error) return Promise.reject(fate);
    this.got.push(answer);
    if (fate) return Promise.reject(new NoAnswer("reset"));
    return Promise.resolve({ ...receipt(answer.key), claims: this.claims });
  };

  keys(): string[] {
    return this.got.map(({ key }) => key);
  }
}

function deps(server: Server): OutboxDeps {
  return {
    send: server.send,
    whoAmI: () => Promise.resolve(server.user),
    alone: (_name, work) => work(),
    random: () => 0.5,
  };
}

let store: Store;
let server: Server;
let outbox: Outbox;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  globalThis.indexedDB = new IDBFactory();
  // fake-indexeddb schedules with setImmediate, which stays real.
  store = await openStore();
  server = new Server();
  outbox = new Outbox(ANA, store, deps(server));
});

afterEach(() => {
  outbox.dispose();
  vi.useRealTimers();
});

/** Until nothing is under way any more (timers aside). */
function settled(box = outbox): Promise<void> {
  return box.quiet();
}

describe("an answer", () => {
  it("is written down before it is sent", async () => {
    const seen: string[][] = [];
    server.answerFor = () => null;
    const spied = new Outbox(ANA, store, {
      ...deps(server),
      send: async (one, hold) => {
        seen.push((await store.waiting(ANA)).map(({ key }) => key));
        return server.send(one, hold);
      },
    });

    await spied.post(answer("k1"));
    await settled(spied);

    expect(seen).toEqual([["k1"]]);
  });

  it("goes with a receipt, and only then", async () => {
    await outbox.post(answer("k1"));
    await settled();

    expect(await store.waiting(ANA)).toEqual([]);
    expect(outbox.snapshot()).toMatchObject({ waiting: [], failure: null });
    expect(outbox.snapshot().sent[0]).toMatchObject({ key: "k1", receipt: receipt("k1") });
  });

  it("asks for a claim along with it, hands that on, and keeps the receipt alone", async () => {
    const brought: Claims[] = [];
    outbox.claimAlong = ({ assignment }) =>
      assignment === "k1" ? { hold: 3, bring: (found) => brought.push(found) } : null;
    server.claims = claims(["next"]);

    await outbox.post(answer("k1"));
    await settled();
    await outbox.post(answer("k2"));
    await settled();

    expect(server.holds).toEqual([3, null]);
    expect(brought).toEqual([claims(["next"])]);
    expect((await store.receipts(ANA)).map((one) => one.receipt)).toContainEqual(receipt("k1"));
  });

  it("is kept with its receipt when nothing could be claimed along with it", async () => {
    const brought: Claims[] = [];
    outbox.claimAlong = () => ({ hold: 3, bring: (found) => brought.push(found) });

    await outbox.post(answer("k1"));
    await settled();

    expect(brought).toEqual([]);
    expect(outbox.snapshot().sent[0]).toMatchObject({ key: "k1", receipt: receipt("k1") });
  });

  it("stays when the network is gone, and goes again with the same key", async () => {
    server.next.push(new NoAnswer("offline"), new NoAnswer("offline"));
    await outbox.post(answer("k1"));
    await settled();
    expect(outbox.snapshot().failure).toBe("offline");
    expect(outbox.snapshot().waiting.map(({ key }) => key)).toEqual(["k1"]);

    await vi.advanceTimersByTimeAsync(120_000);
    await settled();

    expect(server.keys()).toEqual(["k1"]);
    expect(outbox.snapshot()).toMatchObject({ waiting: [], failure: null });
  });

  it("is sent again when the server stored it but its word was lost", async () => {
    server.next.push("lost after storing");
    await outbox.post(answer("k1"));
    await settled();
    expect(outbox.snapshot().waiting).toHaveLength(1);

    await outbox.flush();

    expect(server.keys()).toEqual(["k1", "k1"]);
    expect(server.got[0]?.body).toEqual(server.got[1]?.body);
    expect(outbox.snapshot().waiting).toEqual([]);
  });

  it("survives a reload", async () => {
    server.answerFor = () => new NoAnswer("offline");
    await outbox.post(answer("k1"));
    await settled();
    outbox.dispose();

    server.answerFor = () => null;
    const later = new Outbox(ANA, await openStore(), deps(server));
    await later.open();
    await settled(later);

    expect(server.keys()).toEqual(["k1"]);
    expect(later.snapshot().sent.map(({ key }) => key)).toEqual(["k1"]);
  });

  it("takes its draft away in the same step", async () => {
    const draft = { user: ANA, project: 7, assignment: "k1", revises: false, at: 1 };
    await store.saveDraft({ ...draft, key: "k1", answers: {}, focus: 0, activity: [] });

    await outbox.post(answer("k1"));

    expect(await store.drafts(ANA, 7)).toEqual([]);
  });

  it("is kept by the page itself when it can't be written down", async () => {
    const full = new PassingStore();
    full.enqueue = () => Promise.reject(new Error("QuotaExceededError"));
    server.next.push(new NoAnswer("offline"));
    const box = new Outbox(ANA, full, deps(server));

    await box.post(answer("k1"));
    await settled(box);
    expect(box.snapshot()).toMatchObject({ lasting: false });
    expect(box.snapshot().waiting).toHaveLength(1);
    await box.flush();

    expect(server.keys()).toEqual(["k1"]);
    expect(box.snapshot().waiting).toEqual([]);
  });
});

describe("a refusal", () => {
  it("puts one answer aside, and lets the others through", async () => {
    server.answerFor = ({ key }) =>
      key === "bad" ? new ApiError(400, "answer_invalid", "no such image") : null;
    for (const key of ["k1", "bad", "k2"]) await outbox.post(answer(key));
    await settled();

    expect(server.keys()).toEqual(["k1", "k2"]);
    expect(outbox.snapshot().waiting).toEqual([]);
    expect(outbox.snapshot().refused).toMatchObject([
      { key: "bad", refusal: { code: "answer_invalid", params: {}, message: "no such image" } },
    ]);

    await outbox.flush();
    expect(server.keys()).toEqual(["k1", "k2"]);
  });

  it("is forgotten only when the person throws the answer away", async () => {
    server.answerFor = () => new ApiError(409, "conflict", "too late");
    await outbox.post(answer("k1"));
    await settled();
    expect(await store.waiting(ANA)).toHaveLength(1);

    await outbox.discard("k1");

    expect(await store.waiting(ANA)).toEqual([]);
    expect(outbox.snapshot().refused).toEqual([]);
  });

  it.each([500, 502, 503, 429, 408])("of status %i is none: it is tried again", async (status) => {
    server.next.push(new ApiError(status, "unavailable", ""));
    await outbox.post(answer("k1"));
    await settled();
    expect(outbox.snapshot()).toMatchObject({ refused: [], failure: "busy" });

    await vi.advanceTimersByTimeAsync(2_000);
    await settled();

    expect(server.keys()).toEqual(["k1"]);
  });

  it("with a Retry-After waits as long as it is told", async () => {
    server.next.push(new ApiError(409, "in_flight", "", {}, {}, 30));
    await outbox.post(answer("k1"));
    await settled();

    await vi.advanceTimersByTimeAsync(29_000);
    expect(server.keys()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_500);
    await settled();

    expect(server.keys()).toEqual(["k1"]);
  });
});

describe("an item that is answered in another window too", () => {
  beforeEach(async () => {
    const clash = new ApiError(412, "already_answered", "in another window");
    server.answerFor = ({ first }) => (first ? clash : null);
    for (const [key, at] of [["here", 1], ["changed", 2]] as const) {
      await outbox.post({ ...answer(key, "item", at), first: key === "here" });
      await settled();
    }
  });

  it("waits for the person's choice, and so does what changes it", async () => {
    await outbox.flush();

    expect(server.keys()).toEqual([]);
    expect(outbox.snapshot().clashes.map(({ key }) => key)).toEqual(["here"]);
    expect(await store.waiting(ANA)).toHaveLength(2);
  });

  it("keeps the other window's answer", async () => {
    await outbox.keepOther("item");

    expect(server.keys()).toEqual([]);
    expect(await store.waiting(ANA)).toEqual([]);
    expect(outbox.snapshot()).toMatchObject({ clashes: [], waiting: [], refused: [] });
  });

  it("gets the answer from here, as a change and in its order", async () => {
    await outbox.replaceOther("item");

    expect(server.keys()).toEqual(["here", "changed"]);
    expect(outbox.snapshot()).toMatchObject({ clashes: [], waiting: [], refused: [] });
  });
});

describe("people", () => {
  it("signed out stops the sending until they are back", async () => {
    server.answerFor = () => new ApiError(401, "not_signed_in", "");
    await outbox.post(answer("k1"));
    await settled();
    expect(outbox.snapshot()).toMatchObject({ failure: "signed_out", refused: [] });

    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.keys()).toEqual([]);
    server.answerFor = () => null;
    await outbox.flush();

    expect(server.keys()).toEqual(["k1"]);
    expect(outbox.snapshot().failure).toBeNull();
  });

  it("don't send what another person on this browser left", async () => {
    server.answerFor = () => new NoAnswer("offline");
    await outbox.post(answer("anas"));
    await settled();
    server.answerFor = () => null;

    outbox.dispose();
    const bos = new Outbox(BO, store, deps(server));
    await bos.open();
    await bos.flush();

    expect(server.keys()).toEqual([]);
    expect(bos.snapshot()).toMatchObject({ waiting: [], sent: [] });
    expect(await store.waiting(ANA)).toHaveLength(1);
  });

  it("lose nothing when somebody else's session refuses their answer", async () => {
    server.user = BO;
    server.answerFor = () => new ApiError(404, "not_found", "");

    await outbox.post(answer("k1"));
    await settled();

    expect(outbox.snapshot()).toMatchObject({ failure: "other_user", refused: [] });
    expect(outbox.snapshot().waiting).toHaveLength(1);
  });
});

describe("order", () => {
  it("never lets a change overtake the answer that it changes", async () => {
    server.answerFor = ({ key }) => (key === "first" ? new ApiError(503, "unavailable", "") : null);
    await outbox.post(answer("first", "item", 1));
    await outbox.post(answer("change", "item", 2));
    await outbox.post(answer("other", "another", 3));
    await settled();
    expect(server.keys()).toEqual(["other"]);

    server.answerFor = () => null;
    await outbox.flush();

    expect(server.keys()).toEqual(["other", "first", "change"]);
  });

  it("sends in the order of answering", async () => {
    server.answerFor = () => new NoAnswer("offline");
    for (const [index, key] of ["c", "a", "b"].entries()) await outbox.post(answer(key, key, index));
    await settled();
    server.answerFor = () => null;

    await outbox.flush();

    expect(server.keys()).toEqual(["c", "a", "b"]);
  });
});

describe("an idempotency key", () => {
  it("is a UUID, also where the browser has no randomUUID", () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(newKey()).toMatch(uuid);

    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const [one, other] = [newKey(), newKey()];
    vi.unstubAllGlobals();

    expect(one).toMatch(uuid);
    expect(one).not.toBe(other);
  });
});
