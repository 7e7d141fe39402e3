import { describe, expect, it } from "vitest";

import type { ListedItem } from "./queries";
import { itemsCsv } from "./tables";

const ITEM: ListedItem = {
  id: "7e1",
  key: "line-3",
  prompt: "=SUM(A1), a cat",
  meta: {},
  batch: 4,
  batch_name: "first",
  images: [
    { letter: "a", generator: "one", thumbnail_url: "/a", meta: {} },
    { letter: "b", generator: "two", thumbnail_url: "/b", meta: {} },
  ],
  state: "settled",
  sampled: true,
  answers: 3,
  overlap: 3,
  extra_votes: 0,
  overridden: false,
  disagreement: 0.25,
  settled_at: "2026-11-01T09:00:00Z",
};

function lines(items: readonly ListedItem[]): string[] {
  return itemsCsv(items).slice(1).trimEnd().split("\r\n");
}

describe("items as CSV", () => {
  it("are a line each, whose prompt no spreadsheet runs", () => {
    const [head, line] = lines([ITEM]);

    expect(head).toBe(
      "id,key,prompt,batch,batch_name,generators,state,sampled,answers,overlap,extra_votes,overridden,disagreement,settled_at",
    );
    expect(line).toBe(
      "7e1,line-3,\"'=SUM(A1), a cat\",4,first,one | two,settled,true,3,3,0,false,0.25,2026-11-01T09:00:00Z",
    );
  });

  it("have what came with any of them and of their images in columns", () => {
    const metas: Record<string, string>[] = [{ step: "20", seed: "7" }, { seed: "8" }];
    const images = ITEM.images.map((image, place) => ({ ...image, meta: metas[place] ?? {} }));

    const [head, one, other] = lines([{ ...ITEM, meta: { category: "animals" }, images }, ITEM]);

    expect(head).toMatch(/,settled_at,meta\.category,image_meta\.seed,image_meta\.step$/);
    expect(one).toMatch(/Z,animals,7 \| 8,20 \| $/);
    expect(other).toMatch(/Z,,,$/);
  });
});
