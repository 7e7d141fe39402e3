import { describe, expect, it } from "vitest";

import type { Export, ExportFormat } from "@/api/exports";

import { codeIn, commandOf, snippetOf } from "./command";

const FORMAT = {
  name: "preferences",
  options: [
    { name: "min_margin", type: "number", default: 0, help: "" },
    { name: "images", type: "bool", default: true, help: "" },
    { name: "batches", type: "text", default: "", help: "" },
  ],
} as unknown as ExportFormat;

const ONE = {
  id: 12,
  project: 3,
  format: "preferences",
  options: { min_margin: 0.3, images: true, batches: "1,2" },
} as unknown as Export;

describe("the command line of an export", () => {
  it("says what differs from the defaults", () => {
    expect(commandOf(ONE, FORMAT)).toBe(
      "python manage.py export 3 --format preferences --out preferences-12" +
        " --option min_margin=0.3 --option batches=1,2",
    );
  });

  it("says everything where the format is not known, quoted for a shell", () => {
    const odd = { ...ONE, options: { images: false, dimension: "it's; all" } };

    expect(commandOf(odd, undefined)).toContain(
      `--option images=false --option 'dimension=it'\\''s; all'`,
    );
  });
});

describe("the code that opens a folder", () => {
  it("is the first block of its README, with the folder's name", () => {
    const readme = '# Pairs\n\n```python\nload("THIS_FOLDER")\n```\n\n```python\nother()\n```\n';

    expect(codeIn(readme, "mps")).toBe('load("mps")');
    expect(codeIn("# Nothing to run", "mps")).toBeNull();
  });

  it("is known here for formats without such a README", () => {
    expect(snippetOf("scores")).toContain('"scores/scores.csv"');
    expect(snippetOf("unheard-of")).toBeNull();
  });
});
