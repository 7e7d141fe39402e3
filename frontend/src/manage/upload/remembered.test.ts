import { beforeEach, describe, expect, it } from "vitest";

import { fingerprint, fnv1a, forget, mismatch, remember, rememberedUploads } from "./remembered";

const ENTRY = { batch: 4, project: 1, filename: "a.zip", size: 10, fingerprint: "x" };

class Shelf implements Storage {
  private readonly kept = new Map<string, string>();
  get length(): number {
    return this.kept.size;
  }
  clear(): void {
    this.kept.clear();
  }
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  key(): string | null {
    return null;
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }
}

describe("remembered uploads", () => {
  let shelf: Shelf;
  beforeEach(() => {
    shelf = new Shelf();
  });

  it("are kept for their project until forgotten", () => {
    remember(shelf, ENTRY);
    remember(shelf, { ...ENTRY, batch: 5, project: 2 });

    expect(rememberedUploads(shelf, 1)).toEqual([ENTRY]);
    forget(shelf, 4);
    expect(rememberedUploads(shelf, 1)).toEqual([]);
    expect(rememberedUploads(shelf, 2)).toHaveLength(1);
  });

  it("ignore what is not theirs on the shelf", () => {
    shelf.setItem("triptych.uploads", '[{"batch":"?"}, 3, null]');
    expect(rememberedUploads(shelf, 1)).toEqual([]);
    shelf.setItem("triptych.uploads", "not json");
    expect(rememberedUploads(shelf, 1)).toEqual([]);
  });

  it("take only the same file again, even under another name", () => {
    expect(mismatch(ENTRY, { name: "renamed.zip", size: 10 }, "x")).toBeNull();
    expect(mismatch(ENTRY, { name: "a.zip", size: 11 }, "x")).toBe("size");
    expect(mismatch(ENTRY, { name: "a.zip", size: 10 }, "y")).toBe("content");
  });

  it("go by name and size when another browser began the upload", () => {
    const known = { filename: "a.zip", size: 10 };
    expect(mismatch(known, { name: "a.zip", size: 10 }, "y")).toBeNull();
    expect(mismatch(known, { name: "b.zip", size: 10 }, "y")).toBe("name");
  });
});

describe("fingerprint", () => {
  it("uses FNV-1a as published", () => {
    expect(fnv1a(new TextEncoder().encode(""))).toBe("811c9dc5");
    expect(fnv1a(new TextEncoder().encode("a"))).toBe("e40c292c");
    expect(fnv1a(new TextEncoder().encode("foobar"))).toBe("bf9cf968");
  });

  it("differs when only the end of a long file differs", async () => {
    const bytes = new Uint8Array(200_000);
    const same = new File([bytes], "a");
    bytes[199_999] = 1;
    const other = new File([bytes], "a");

    expect(await fingerprint(same)).not.toBe(await fingerprint(other));
  });
});
