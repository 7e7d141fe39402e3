import { describe, expect, it } from "vitest";

import {
  anchorPoints,
  canGo,
  type Draft,
  draftsOf,
  idFrom,
  imageBounds,
  indented,
  moved,
  newDraft,
  newOption,
  picksBefore,
  toPreview,
  toQuestion,
  withChange,
  withOption,
  withoutOption,
} from "./drafts";

function list(...types: Draft["type"][]): Draft[] {
  return types.reduce<Draft[]>((drafts, type) => [...drafts, newDraft(drafts, type)], []);
}

function only(drafts: readonly Draft[]): Draft {
  const [draft] = drafts;
  if (!draft) throw new Error("none");
  return draft;
}

function change(drafts: readonly Draft[], index: number, more: Partial<Draft>, begun = false): Draft[] {
  const draft = drafts[index];
  if (!draft) throw new Error("none");
  return withChange(drafts, draft, more, begun);
}

describe("an id", () => {
  it.each([
    ["Hands & faces", "hands_faces"],
    ["  2nd Look!", "nd_look"],
    ["Crème brûlée", "creme_brulee"],
    ["手部", ""],
  ])("is proposed for %j", (title, id) => {
    expect(idFrom(title)).toBe(id);
  });

  it("follows the title until it is typed by hand, and is never there twice", () => {
    const titled = change(list("rating", "rating"), 0, { title: "Light" });
    expect(titled.map(({ id }) => id)).toEqual(["light", "rating_2"]);
    expect(change(titled, 1, { title: "Light" }).map(({ id }) => id)).toEqual(["light", "light_2"]);
    expect(only(change(titled, 0, { title: "光线" })).id).toBe("rating");

    const typed = change(titled, 0, { id: "lamp" });
    expect(only(change(typed, 0, { title: "Shadow" })).id).toBe("lamp");
  });

  it("is a new one for what is asked otherwise once people have begun, and the old one again", () => {
    const [question] = toPreview([{ ...only(list("rating")), title: "Light" }]);
    if (!question) throw new Error("none");
    const asked = draftsOf([{ ...question, id: "light" }]);

    const other = change(asked, 0, { highest: 7 }, true);
    expect(only(other).id).toBe("light_2");
    expect(only(change(other, 0, { highest: 5 }, true)).id).toBe("light");
    expect(only(change(asked, 0, { title: "Lamp", helpZh: "灯" }, true)).id).toBe("light");
    expect(only(change(asked, 0, { highest: 7 }, false)).id).toBe("light");
  });
});

describe("a draft as the server takes it", () => {
  it("asks for halves, “does not apply” and words at points only of ratings", () => {
    const [rating] = list("rating");
    if (!rating) throw new Error("none");
    const anchors = { 5: { title: "Fully", titleZh: "" }, 1: { title: " Not at all ", titleZh: "完全没有" }, 9: { title: "?", titleZh: "" } };
    const draft = { ...rating, halfPoints: true, na: true, anchors };

    expect(toQuestion(draft, 0, [draft])).toMatchObject({
      half_points: true,
      na: true,
      options: [
        { id: "1", title: "Not at all", title_zh: "完全没有" },
        { id: "5", title: "Fully", title_zh: "" },
      ],
    });
    const other = { ...draft, type: "comment" as const };
    expect(toQuestion(other, 0, [other])).toMatchObject({ half_points: false, na: false, options: [] });
    expect(anchorPoints({ ...draft, lowest: 0, highest: 100, anchors: {} })).toEqual([0, 25, 50, 75, 100]);
  });

  it("carries a scale only for ratings and options only for flags", () => {
    const [rating, flags] = list("rating", "flags");
    if (!rating || !flags) throw new Error("none");
    const option = flags.options[0];
    if (!option) throw new Error("none");
    const written = { ...flags, ...withOption(flags, option, { title: "Hands", titleZh: "手" }) };

    expect(toQuestion({ ...rating, help: " why " }, 0, [rating])).toMatchObject({
      scale: { min: 1, max: 5 },
      options: [],
      help: "why",
    });
    expect(toQuestion(written, 3, [written])).toMatchObject({
      scale: null,
      position: 3,
      options: [{ id: "hands", title: "Hands", title_zh: "手" }],
    });
  });

  it("tells of a tree which option each lies under, and keeps it a tree", () => {
    const [flags] = list("flags");
    if (!flags) throw new Error("none");
    const options = ["body", "hands", "left", "text"].map((id, place) => ({
      ...newOption([]),
      key: place,
      id,
      depth: [0, 1, 2, 0][place] ?? 0,
    }));
    const above = (some: typeof options, type: Draft["type"] = "regions") =>
      toQuestion({ ...flags, type, options: some }, 0, [flags]).options?.map(({ parent }) => parent);
    const [body, hands, , text] = options;
    if (!body || !hands || !text) throw new Error("none");

    expect(above(options)).toEqual(["", "body", "hands", ""]);
    expect(above(indented(options, hands, -1))).toEqual(["", "", "hands", ""]);
    expect(above(indented(options, text, 1))).toEqual(["", "body", "hands", "body"]);
    expect(above(withoutOption(options, body))).toEqual(["", "hands", ""]);
    // Of classes none lies under another.
    expect(above(options, "label")).toEqual(["", "", "", ""]);
    expect([canGo(options, body, 1), canGo(options, text, 1), canGo(options, text, -1)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("is written on as it is asked, each option right below the one that it lies under", () => {
    const [question] = toPreview(list("regions"));
    if (!question) throw new Error("none");
    const option = (id: string, parent: string) => ({ id, title: id, title_zh: "", parent });
    const options = [option("body", ""), option("text", ""), option("hands", "body")];
    const asked = draftsOf([{ ...question, id: "flaws", options }]);

    expect(only(asked).options.map(({ id, depth }) => [id, depth])).toEqual([
      ["body", 0],
      ["hands", 1],
      ["text", 0],
    ]);
    expect(only(change(asked, 0, { help: "Look." }, true)).id).toBe("flaws");
    const flat = only(asked).options.map((one) => ({ ...one, depth: 0 }));
    expect(only(change(asked, 0, { options: flat }, true)).id).toBe("flaws_2");
  });

  it("names the pick that it is about by its id, as long as that comes before", () => {
    const drafts = change(list("pick", "flags"), 1, { about: 0 });
    const renamed = change(drafts, 0, { id: "keep" });

    expect(renamed.map((one, place) => toQuestion(one, place, renamed).about)).toEqual([null, "keep"]);
    const turned = moved(renamed, 1, 0);
    expect(turned.map((one, place) => toQuestion(one, place, turned).about)).toEqual([null, null]);
    expect(picksBefore(turned, only(turned))).toEqual([]);
  });

  it("goes to another place, not past the ends", () => {
    const keys = (drafts: Draft[]) => drafts.map((one) => one.key);
    const three = list("rating", "rating", "rating");

    expect(keys(moved(three, 0, 2))).toEqual([1, 2, 0]);
    expect(keys(moved(three, 1, 0))).toEqual([1, 0, 2]);
    expect(keys(moved(three, 2, 3))).toEqual([0, 1, 2]);
  });
});

describe("a preview", () => {
  it("can be answered whatever is still wrong", () => {
    const [question] = toPreview([{ ...only(list("rating")), lowest: 5, highest: 5 }]);
    expect(question?.scale).toEqual({ min: 5, max: 6 });
  });

  it.each([
    [["rating"], { fewest: 1, most: 9 }],
    [["ranking", "pick"], { fewest: 2, most: 9 }],
    [["preference", "ranking"], { fewest: 2, most: 2 }],
  ] as [Draft["type"][], object][])("of %j has images that fit", (types, bounds) => {
    expect(imageBounds(list(...types))).toEqual(bounds);
  });
});
