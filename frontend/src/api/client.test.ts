import { afterEach, describe, expect, it, vi } from "vitest";

// A page's addresses are relative to it; Node has no page.
vi.hoisted(() => {
  const Plain = globalThis.Request;
  globalThis.Request = class extends Plain {
    constructor(input: string | URL | Request, init?: RequestInit) {
      super(typeof input === "string" ? new URL(input, "http://site") : input, init);
    }
  };
});

import { answer, ApiError, asForm, NoAnswer, server, within } from "./client";

/** The network, which answers as it is told; the requests that it was sent. */
function network(reply: (request: Request) => Promise<Response> | Response): Request[] {
  const seen: Request[] = [];
  vi.stubGlobal("document", { cookie: "other=1; csrftoken=a%3Db" });
  vi.stubGlobal("fetch", async (request: Request, init: RequestInit) => {
    init.signal?.throwIfAborted();
    seen.push(request.clone());
    return Promise.race([
      Promise.resolve(reply(request)),
      new Promise<never>((_, reject) => {
        init.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      }),
    ]);
  });
  return seen;
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

async function thrown(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

afterEach(() => vi.unstubAllGlobals());

describe("a call", () => {
  it("goes to the typed address and brings the answer", async () => {
    const seen = network(() => json({ id: 7 }));

    const project = await answer(
      server.GET("/projects/{project_id}", { params: { path: { project_id: 7 } } }),
    );

    expect(project.id).toBe(7);
    expect(seen.map(({ url }) => url)).toEqual(["http://site/api/v1/projects/7"]);
    expect(seen[0]?.headers.get("X-CSRFToken")).toBeNull();
  });

  it("that changes something carries the cookie's CSRF token", async () => {
    const seen = network(() => new Response(null, { status: 204 }));

    await server.POST("/auth/logout");

    expect(seen[0]?.headers.get("X-CSRFToken")).toBe("a=b");
  });

  it("that is refused throws the code, its values and the fields", async () => {
    const reason = { code: "too_long", params: { max: 3 }, message: "At most 3." };
    network(() =>
      json({ code: "invalid", params: {}, message: "No.", fields: { name: reason } }, 400, {
        "Retry-After": "30",
      }),
    );

    const error = await thrown(server.GET("/me"));

    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 400,
      code: "invalid",
      fields: { name: reason },
      retryAfterSeconds: 30,
    });
  });

  it("that a proxy refuses has a code too", async () => {
    network(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));

    expect(await thrown(server.GET("/me"))).toMatchObject({ status: 502, code: "unavailable" });
  });

  it("that meets no network, or something else's page, has no answer", async () => {
    network(() => Promise.reject(new Error("offline")));
    expect(await thrown(server.GET("/me"))).toBeInstanceOf(NoAnswer);

    network(() => new Response("<h1>Welcome to this airport</h1>"));
    expect(await thrown(server.GET("/me"))).toBeInstanceOf(NoAnswer);
  });

  it("that takes too long has no answer; one that was called off is called off", async () => {
    network(() => new Promise<never>(() => undefined));
    expect(await thrown(server.GET("/me", { fetch: within(1) }))).toBeInstanceOf(NoAnswer);

    const gone = AbortSignal.abort();
    expect(await thrown(server.GET("/me", { signal: gone }))).not.toBeInstanceOf(NoAnswer);
  });
});

it("sends files in a form, without the fields that have no value", () => {
  const form = asForm({ file: new Blob(["x"]), n: 3, left: null, zero: false });

  expect([...form.keys()]).toEqual(["file", "n", "zero"]);
  expect(form.get("n")).toBe("3");
});
