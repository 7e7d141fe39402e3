import { describe, expect, it } from "vitest";


import type { MeasuredImage } from "./queries";
import { filtered, imagesCsv, sorted } from "./table";

function image(
  id: string,
  generator: string,
  sharpness: number | null,
  { near = [], problem = null }: Partial<{ near: string[]; problem: MeasuredImage["image"]["problem"] }> = {},
): MeasuredImage {
  return {
    image: { id, url: "", thumbnail_url: "", generator, prompt: "", width: 1, height: 1, problem },
    values: [
      {
        metric: "sharpness",
        version: "1",
        value: sharpness === Infinity ? null : sharpness,
        state: sharpness === null ? "failed" : "done",
        text: "",
        infinite: sharpness === Infinity,
        reasons: [],
        device: "cpu",
        dtype: "float32",
        weights: "",
      },
    ],
    near_duplicates: near,
  };
}

const UNREADABLE = { code: "image_unreadable", params: { error: "cut" }, message: "" } as const;

const IMAGES = [
  image("p", "x", 3),
  image("q", "y", null),
  image("r", "x", 1, { near: ["p"] }),
  image("s", "y", 2, { problem: UNREADABLE }),
];

describe("measured images", () => {
  it("are sorted with the unmeasured last, both ways", () => {
    const ids = (descending: boolean) =>
      sorted(IMAGES, { metric: "sharpness", descending }).map((one) => one.image.id);

    expect(ids(false)).toEqual(["r", "s", "p", "q"]);
    expect(ids(true)).toEqual(["p", "s", "r", "q"]);
  });

  it("are sorted with what is infinite above every number", () => {
    const some = [image("t", "x", Infinity), ...IMAGES, image("u", "x", Infinity)];
    const ids = sorted(some, { metric: "sharpness", descending: true }).map((one) => one.image.id);

    expect(ids).toEqual(["t", "u", "p", "s", "r", "q"]);
  });

  it("are written out a line a value, ∞ as programs read it", () => {
    const some = [image("p", "x", 3), image("q", "y", null), image("t", "x", Infinity)];

    expect(imagesCsv(some).slice(1).trimEnd().split("\r\n")).toEqual([
      "image,generator,prompt,width,height,metric,version,value,text,state,reasons",
      "p,x,,1,1,sharpness,1,3,,done,",
      "q,y,,1,1,sharpness,1,,,failed,",
      "t,x,,1,1,sharpness,1,inf,,done,",
    ]);
  });

  it("are filtered by generator, by what is broken, and by nearness", () => {
    const ids = (generator: string | null, only: "all" | "failed" | "near") =>
      filtered(IMAGES, { generator, only }).map((one) => one.image.id);

    expect(ids("x", "all")).toEqual(["p", "r"]);
    expect(ids(null, "failed")).toEqual(["q", "s"]);
    expect(ids(null, "near")).toEqual(["r"]);
  });
});
