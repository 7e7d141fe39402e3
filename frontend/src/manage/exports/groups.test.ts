import { describe, expect, it } from "vitest";

import type { ExportFormat } from "@/api/exports";

import { grouped } from "./groups";
import { recognised } from "./serverWords";

const formats = (...names: string[]) => names.map((name) => ({ name }) as ExportFormat);

describe("formats", () => {
  it("stand in their groups, each once; what is new comes last", () => {
    const groups = grouped(formats("scores", "brand-new", "preferences", "masks"));

    expect(groups.map(({ group, formats: some }) => [group, some.map(({ name }) => name)])).toEqual([
      ["pairs", ["preferences"]],
      ["marks", ["masks"]],
      ["tables", ["scores"]],
      ["others", ["brand-new"]],
    ]);
  });
});

describe("the server's reasons", () => {
  it("are recognised with what is in them", () => {
    const waiting =
      "No item is settled yet, so there is nothing to export. Items with answers that stand: 7; " +
      "the option “partial” takes them.";

    expect(recognised(waiting)).toEqual({ key: "none_settled", values: { waiting: "7" } });
    expect(recognised("This project asks for no marks on the images.")?.key).toBe("no_marks");
    expect(recognised("The disk is full.")).toBeNull();
  });
});
