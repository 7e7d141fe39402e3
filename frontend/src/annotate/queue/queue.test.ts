import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Claims, Heartbeat } from "@/annotate/server";
import { assignment, claims, deferred } from "@/annotate/testing";

import type { Images } from "./imageCache";
import { Queue, type QueueDeps } from "./queue";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const IMAGES: Images = { a: { url: "blob:a", exactUrl: "/a", width: 1, height: 1 }, b: null };

let asked: number[];
let answers: (Claims | Error | Promise<Claims>)[];
let held: string[];
let unsent: Set<string>;
let comes: boolean;
let lapsed: string[];
let paused: Heartbeat["paused"];
let told: string[];
let idle: boolean;
let unloaded: number;
let queue: Queue;

function make(more: Partial<QueueDeps> = {}): Queue {
  return new Queue({
    project: 7,
    claim: (count) => {
      asked.push(count);
      const answer = answers.shift() ?? claims([]);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    heartbeat: (): Promise<Heartbeat> =>
      Promise.resolve({ held, lease_expires_at: "2026-11-20T12:10:00Z", paused }),
    load: () => Promise.resolve(IMAGES),
    unload: () => {
      unloaded += 1;
    },
    warm: () => undefined,
    paused: (note) => told.push(note),
    unsent: () => new Set(unsent),
    claimComes: () => comes,
    lapsed: (ids) => lapsed.push(...ids),
    isIdle: () => idle,
    now: () => Date.now(),
    random: () => 0,
    ...more,
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  asked = [];
  answers = [];
  held = [];
  unsent = new Set();
  comes = false;
  lapsed = [];
  paused = [];
  told = [];
  idle = false;
  unloaded = 0;
  queue = make();
});

afterEach(() => {
  queue.dispose();
  vi.useRealTimers();
});

function readyIds(): string[] {
  return queue.snapshot().ready.map((ready) => ready.assignment.id);
}

async function started(...first: typeof answers): Promise<void> {
  answers.push(...first);
  queue.start(600);
  await vi.advanceTimersByTimeAsync(0);
}

describe("topping up", () => {
  it("claims twelve, and has their images before they are needed", async () => {
    await started(claims(["1", "2", "3"]));

    expect(asked).toEqual([12]);
    expect(readyIds()).toEqual(["1", "2", "3"]);
    expect(queue.take()).toEqual({ assignment: assignment("1"), images: IMAGES });
  });

  it("fetches the first item alone when there is nothing to judge, then the others", async () => {
    const first = deferred<Images>();
    const fetched: string[] = [];
    queue.dispose();
    queue = make({
      load: ({ id }) => {
        fetched.push(id);
        return id === "1" ? first.promise : Promise.resolve(IMAGES);
      },
    });
    answers = [claims(["1", "2", "3"])];

    queue.start(600);
    await vi.advanceTimersByTimeAsync(0);
    expect(fetched).toEqual(["1"]);
    first.resolve(IMAGES);
    await vi.advanceTimersByTimeAsync(0);

    expect(fetched).toEqual(["1", "2", "3"]);
    expect(readyIds()).toEqual(["1", "2", "3"]);
  });

  it("asks again when an item is no longer held, and keeps what it has", async () => {
    await started(claims(["1", "2", "3"]));
    queue.take();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([12]);

    answers.push(claims(["2", "3", "4"]));
    queue.answered("1", true);
    queue.take();
    await vi.advanceTimersByTimeAsync(0);

    expect(asked).toEqual([12, 3]);
    expect(readyIds()).toEqual(["3", "4"]);
  });

  it("puts what the server has first before what was fetched earlier", async () => {
    await started(claims(["1", "2", "3"]));
    queue.take();
    answers.push(claims(["urgent", "2", "3"]));

    queue.answered("1", true);
    await queue.topUp();
    await vi.advanceTimersByTimeAsync(0);

    expect(readyIds()).toEqual(["urgent", "2", "3"]);
  });

  it("asks for more while answers are on their way, fifteen at most", async () => {
    unsent = new Set(["x"]);
    const much = { remaining_is_capped: true };
    await started(claims(["1", "2", "3"], much), claims([], much), claims([], much));
    expect(asked).toEqual([13]);

    unsent = new Set(["w", "x", "1", "2"]);
    for (const id of ["1", "2"]) {
      queue.take();
      queue.answered(id, true);
    }
    await queue.topUp();

    expect(asked.at(-1)).toBe(15);
  });

  it("never shows again what is answered and not yet arrived", async () => {
    unsent = new Set(["1"]);

    await started(claims(["1", "2"]));

    expect(readyIds()).toEqual(["2"]);
  });

  it("never shows again what was answered while the claim was under way", async () => {
    const late = deferred<Claims>();
    await started(claims(["1", "2", "3"]), late.promise);
    queue.take();
    queue.answered("1", true);
    void queue.topUp();

    late.resolve(claims(["1", "2", "3", "4"]));
    await vi.advanceTimersByTimeAsync(0);

    expect(readyIds()).toEqual(["2", "3", "4"]);
  });

  it("waits for a claim that comes with an answer, while there is something to judge", async () => {
    await started(claims(["1", "2"]));
    comes = true;
    queue.take();

    queue.answered("1", true);
    queue.take();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([12]);

    queue.answered("2", true);
    queue.take();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([12, 3]);
  });

  it("takes in what came with an answer, and asks along with none while its hand is full", async () => {
    await started(claims(["1", "2", "3"]));
    queue.take();
    queue.answered("1", true);
    unsent = new Set(["1"]);

    const along = queue.claimAlong("1");
    along?.bring(claims(["2", "3", "4"], { done_today: 1 }));
    await vi.advanceTimersByTimeAsync(0);

    expect(along?.hold).toBe(3);
    expect(readyIds()).toEqual(["2", "3", "4"]);
    expect(queue.snapshot().doneToday).toBe(1);
    expect(queue.claimAlong("x")).toBeNull();
  });

  it("holds twelve while much is left, and asks again when three are missing", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => String(index));
    await started(claims(ids, { remaining_for_you: 40 }));

    for (const id of ids.slice(0, 2)) {
      queue.take();
      queue.answered(id, true);
      expect(queue.claimAlong(id)).toBeNull();
    }
    queue.take();
    queue.answered("2", true);

    expect(queue.claimAlong("2")?.hold).toBe(12);
    expect(readyIds()).toHaveLength(9);
  });

  it("holds three when no more than twelve are left for this person", async () => {
    const ids = ["1", "2", "3", "4"];
    await started(claims(ids, { remaining_for_you: 12 }));
    queue.take();
    queue.answered("1", true);
    expect(queue.claimAlong("1")).toBeNull();

    queue.take();
    queue.answered("2", true);

    expect(queue.claimAlong("2")?.hold).toBe(3);
  });

  it("takes what has its images before what could not be fetched", async () => {
    queue.dispose();
    const whole: Images = { a: { url: "blob:a", exactUrl: "/a", width: 1, height: 1 } };
    queue = make({ load: ({ id }) => Promise.resolve(id === "1" ? IMAGES : whole) });
    await started(claims(["1", "2"]));

    expect(queue.take()?.assignment.id).toBe("2");
    expect(queue.take()?.assignment.id).toBe("1");
  });

  it("has one claim under way at a time", async () => {
    const slow = deferred<Claims>();
    answers.push(slow.promise);
    queue.start(600);
    void queue.topUp();
    void queue.topUp();
    expect(asked).toEqual([12]);

    slow.resolve(claims(["1", "2", "3"]));
    await vi.advanceTimersByTimeAsync(0);

    expect(asked).toEqual([12]);
  });

  it("counts today from the server, and what is still on its way", async () => {
    unsent = new Set(["x"]);
    await started(claims(["x", "1", "2"], { done_today: 12, remaining_for_you: 40 }));
    expect(queue.snapshot().doneToday).toBe(13);
    expect(queue.ahead()).toBe(42);

    queue.take();
    queue.answered("1", true);

    expect(queue.snapshot().doneToday).toBe(14);
    expect(queue.ahead()).toBe(41);
  });
});

describe("when there is nothing", () => {
  it.each(["done", "none_for_you", "paused", "project_paused", "project_archived"] as const)("says “%s”, and looks again in a minute", async (status) => {
    await started(claims([], { status }));
    expect(queue.snapshot().status).toBe(status);
    expect(queue.snapshot().askAgainAt).toBe(NOW + 60_000);

    answers.push(claims(["1"]));
    await vi.advanceTimersByTimeAsync(60_000);

    expect(readyIds()).toEqual(["1"]);
    expect(queue.snapshot().status).toBe("working");
  });

  it("looks by itself when the first reserved item may come free", async () => {
    await started(
      claims([], { status: "all_reserved", next_free_at: "2026-11-20T12:04:30Z" }),
    );
    expect(queue.snapshot()).toMatchObject({
      status: "all_reserved",
      askAgainAt: NOW + 270_000,
    });

    answers.push(claims(["1"]));
    await vi.advanceTimersByTimeAsync(269_000);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(readyIds()).toEqual(["1"]);
  });

  it("doesn't hammer a server whose time is just past", async () => {
    await started(claims([], { status: "all_reserved", next_free_at: "2026-11-20T11:59:00Z" }));

    expect(queue.snapshot().askAgainAt).toBe(NOW + 1_000);
  });

  it("keeps trying, ever more slowly, when the server fails", async () => {
    await started(new Error("down"), new Error("down"), claims(["1"]));
    expect(queue.snapshot()).toMatchObject({ status: "failing", askAgainAt: NOW + 2_000 });

    await vi.advanceTimersByTimeAsync(2_000);
    expect(queue.snapshot().askAgainAt).toBe(NOW + 6_000);
    await vi.advanceTimersByTimeAsync(4_000);

    expect(readyIds()).toEqual(["1"]);
    expect(queue.snapshot()).toMatchObject({ status: "working", error: null });
  });

  it("says that it waits for the sending when that is all the hand holds", async () => {
    unsent = new Set(["1", "2", "3"]);

    await started(claims(["1", "2", "3"]));

    expect(queue.snapshot().status).toBe("sending");
  });
});

describe("the lease", () => {
  it("is renewed every minute, for as long as the page is open", async () => {
    const beats: number[] = [];
    queue = make({
      heartbeat: () => {
        beats.push(Date.now() - NOW);
        return Promise.resolve({ held: [], lease_expires_at: "", paused: [] });
      },
    });
    queue.start(600);

    await vi.advanceTimersByTimeAsync(180_000);
    queue.dispose();
    await vi.advanceTimersByTimeAsync(600_000);

    expect(beats).toEqual([60_000, 120_000, 180_000]);
  });

  it("that has lapsed takes a waiting item away, and warns about the one on the desk", async () => {
    await started(claims(["1", "2", "3"]));
    queue.take();
    held = ["3"];

    await queue.beat();

    expect(readyIds()).toEqual(["3"]);
    expect(lapsed).toEqual(["1"]);
  });

  it("that has lapsed is counted once, though its item is still on the desk", async () => {
    await started(
      claims(["1"], { remaining_for_you: 41 }),
      claims([], { remaining_for_you: 41 }),
      claims([], { remaining_for_you: 42 }),
    );
    queue.take();
    await vi.advanceTimersByTimeAsync(0);
    expect(queue.ahead()).toBe(42);
    held = [];

    await queue.beat();
    await queue.topUp();

    expect(queue.ahead()).toBe(42);
  });

  it("that is renewed tells of a pause here, and of none elsewhere", async () => {
    await started(claims(["1"]));
    paused = [{ project: 8, note: "not here" }];
    await queue.beat();
    expect(told).toEqual([]);

    paused = [{ project: 7, note: "Call me." }];
    await queue.beat();

    expect(told).toEqual(["Call me."]);
    expect(readyIds()).toEqual([]);
  });

  it("doesn't lose what was claimed while the heartbeat was under way", async () => {
    const slow = deferred<Heartbeat>();
    queue = make({ heartbeat: () => slow.promise });
    await started(claims([]));
    const beat = queue.beat();
    answers.push(claims(["1"]));
    await queue.topUp();

    slow.resolve({ held: [], lease_expires_at: "", paused: [] });
    await beat;

    expect(readyIds()).toEqual(["1"]);
  });
});

describe("images", () => {
  it("of the last few answered items stay, for an undo that shows at once", async () => {
    for (let id = 1; id <= 10; id++) {
      answers.push(claims([String(id)]));
      await queue.topUp();
      queue.take();
      queue.answered(String(id), true);
    }

    expect(unloaded).toBe(4);
    expect(queue.imagesOf("10")).toBe(IMAGES);
    expect(queue.imagesOf("1")).toBeNull();
  });
});

it("hands out one item at a time to a listener that takes whenever one is ready", async () => {
  await started(claims(["one", "two", "three"]));
  const opened: string[] = [];
  let open = false;
  const fill = () => {
    if (open || queue.snapshot().ready.length === 0) return;
    const next = queue.take();
    open = true;
    if (next) opened.push(next.assignment.id);
  };
  queue.subscribe(fill);

  fill();
  await vi.advanceTimersByTimeAsync(0);

  expect(opened).toHaveLength(1);
  expect(readyIds()).toHaveLength(2);
});

it("counts an answer once that arrives while a claim is under way", async () => {
  await started(claims(["one", "two", "three"], { done_today: 4 }));
  queue.take();
  const underWay = deferred<Claims>();
  answers.push(underWay.promise);
  unsent.add("one");
  queue.answered("one", true);
  void queue.topUp();
  await vi.advanceTimersByTimeAsync(0);

  // The server looked at the hand before the answer came, and counted after.
  underWay.resolve(claims(["one", "two", "three", "four"], { done_today: 5 }));
  unsent.delete("one");
  await vi.advanceTimersByTimeAsync(0);

  expect(queue.snapshot().doneToday).toBe(5);
});

it("counts again when all is sent, if an answer was on its way at the first count", async () => {
  unsent.add("one");
  await started(claims(["one", "two", "three"], { done_today: 1 }));
  expect(queue.snapshot().doneToday).toBe(2);

  unsent.delete("one");
  answers.push(claims(["two", "three"], { done_today: 1 }));
  await queue.topUp();

  expect(queue.snapshot().doneToday).toBe(1);
});

describe("an idle desk", () => {
  it("renews no lease until somebody is at it again", async () => {
    let beats = 0;
    queue = make({
      heartbeat: () => {
        beats += 1;
        return Promise.resolve({ held: ["1"], lease_expires_at: null, paused: [] });
      },
    });
    await started(claims(["1"]));
    idle = true;
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(beats).toBe(0);

    idle = false;
    await vi.advanceTimersByTimeAsync(60_000);

    expect(beats).toBe(1);
  });

  it("may be given again what it has let go", async () => {
    await started(claims(["1"]), claims(["1"]));
    queue.take();
    queue.letGo("1");
    await queue.topUp();

    expect(readyIds()).toEqual(["1"]);
  });
});
