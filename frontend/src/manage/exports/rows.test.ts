import { describe, expect, it } from "vitest";

import type { ExportPreview, SeenRow } from "@/api/exports";

import { outputsOf, outputToBegin, readRows } from "./rows";

const A = "a".repeat(64);
const B = "b".repeat(64);

function image(sha256: string, generator: string) {
  const url = `/api/v1/images/${sha256[0] ?? ""}`;
  return {
    id: sha256,
    sha256,
    generator,
    width: 4,
    height: 3,
    url: `${url}/file`,
    thumbnail_url: `${url}/thumbnail`,
  };
}

function preview(rows: SeenRow[], drawn: ExportPreview["drawn"] = []): ExportPreview {
  return {
    rows,
    drawn,
    images: [image(A, "one"), image(B, "two")],
    items: 1,
    seen: 1,
    sample_rows: rows.length,
    sample_counts: {},
    sample_left_out: {},
    counted: 1,
    counts: [],
    not_settled: 0,
    notes: [],
  };
}

function read(row: unknown, output = "rows.jsonl") {
  const [first] = readRows(preview([{ output, row }]));
  if (!first) throw new Error("a row is read");
  return first;
}

const verdicts = (row: unknown) => read(row).images.map(({ generator, verdict }) => [generator, verdict]);

describe("a previewed row", () => {
  it("has its images by their names, and what people chose", () => {
    const row = read({ prompt: "a cube", chosen: `images/${B}.png`, rejected: `images/${A}.png` });

    expect(row.prompt).toBe("a cube");
    expect(row.images.map(({ generator, verdict }) => [generator, verdict])).toEqual([
      ["two", "preferred"],
      ["one", "other"],
    ]);
    expect(row.facts).toEqual([]);
  });

  it("tells the verdict in each reader's own layout", () => {
    const files = [`${A}.jpg`, `${B}.jpg`];

    expect(verdicts({ path1: A, path2: B })).toEqual([["one", "preferred"], ["two", "other"]]);
    expect(verdicts({ file_path: files, human_preference: [0, 1] })).toEqual([
      ["one", "other"],
      ["two", "preferred"],
    ]);
    expect(verdicts({ generations: files, ranking: [2, 1] })).toEqual([
      ["one", { rank: 2 }],
      ["two", { rank: 1 }],
    ]);
    expect(verdicts({ jpg_0: { bytes: 9, sha256: A }, jpg_1: { bytes: 9, sha256: B }, label_0: 0 })).toEqual([
      ["one", "other"],
      ["two", "preferred"],
    ]);
    expect(
      verdicts({ best_image_uid: "none", image_0_uid: A, image_1_uid: B, label_0: 0.5 }),
    ).toEqual([["one", "even"], ["two", "even"]]);
  });

  it("shows an image once that is both named and held", () => {
    const held = (sha256: string) => ({ bytes: 9, sha256, image: "data:image/png;base64,AA" });
    const row = read({ image_0_uid: A, image_1_uid: B, jpg_0: held("c"), jpg_1: held("d"), label_0: 1 });

    expect(row.images.map(({ field }) => field)).toEqual(["image_0_uid", "image_1_uid"]);
  });

  it("lays a drawn map over its image", () => {
    const drawn = [{ name: "maps/1_a.png", url: "data:map" }];
    const [row] = readRows(
      preview([{ output: "maps.jsonl", row: { sha256: A, png: "maps/1_a.png", flaw: "hands", people: 3 } }], drawn),
    );

    expect(row?.images).toMatchObject([{ field: "hands", generator: "one", map: "data:map" }]);
    expect(row?.facts).toEqual([
      { field: "flaw", value: "hands" },
      { field: "people", value: "3" },
    ]);
  });

  it("finds a record's image by the name that a table gives it", () => {
    const rows = readRows(
      preview([
        {
          output: "train.tfrecord",
          row: {
            filename: "train/7_a.png",
            artifact_map: { bytes: 5, sha256: "e", image: "data:artifacts" },
            artifact_score: 0.58333333,
          },
        },
        { output: "data/train.parquet", row: { image_0_uid: "7_a", jpg_0: { bytes: 9, sha256: A } } },
      ]),
    );

    expect(rows[0]?.images).toMatchObject([
      { field: "artifact_map", generator: "one", map: "data:artifacts" },
    ]);
    expect(rows[0]?.facts).toEqual([{ field: "artifact_score", value: "0.5833" }]);
    expect(outputToBegin(rows)).toBe("train.tfrecord");
  });

  it("is one row where two files hold the same, and one sample where a tar holds its members", () => {
    const rows = readRows(
      preview([
        { output: "scores.parquet", row: { sha256: A, people: 3 } },
        { output: "scores.csv", row: { sha256: A, people: 3 } },
        { output: "train.tar", row: { name: "01.a.png", content: { bytes: 9, sha256: B } } },
        { output: "train.tar", row: { name: "01.json", content: '{"prompt": "a cube"}' } },
      ]),
    );

    expect(rows.map((row) => row.outputs)).toEqual([["scores.parquet", "scores.csv"], ["train.tar"]]);
    expect(rows[1]).toMatchObject({ prompt: "a cube", images: [{ generator: "two" }] });
    expect(outputsOf(rows)).toEqual(["scores.parquet", "scores.csv", "train.tar"]);
  });

  it("says a judge's messages plainly", () => {
    const row = read({
      prompt: [{ role: "user", content: "Which is better?" }],
      chosen: [{ role: "assistant", content: "The first image." }],
    });

    expect(row.prompt).toBe("Which is better?");
    expect(row.facts).toEqual([{ field: "chosen", value: "The first image." }]);
  });
});
