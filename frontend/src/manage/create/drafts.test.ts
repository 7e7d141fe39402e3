import { describe, expect, it } from "vitest";

import { changed, type Draft, idFrom, moved, newDraft, problems, toQuestion } from "./drafts";

function draft(key: number, more: Partial<Draft>): Draft {
  return { ...newDraft(key), title: "T", id: `q${key}`, ...more };
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

  it("follows the title until it is typed by hand", () => {
    const titled = changed(newDraft(1), { title: "Light" });
    const typed = changed(titled, { id: "lamp" });

    expect(titled.id).toBe("light");
    expect(changed(typed, { title: "Shadow" }).id).toBe("lamp");
    expect(changed(changed(typed, { id: "" }), { title: "Shadow" }).id).toBe("shadow");
  });
});

describe("the problems of drafts", () => {
  it("are none for good ones", () => {
    expect(problems([draft(1, {}), draft(2, { type: "flags", flags: "blurred\nlogo" })]).size).toBe(0);
  });

  it.each([
    [{ title: " " }, "title"],
    [{ id: "" }, "id_missing"],
    [{ id: "Bad Id" }, "id_form"],
    [{ id: "q2" }, "id_twice"],
    [{ type: "rating", lowest: 5, highest: 5 }, "scale"],
    [{ type: "flags", flags: " \n " }, "options"],
    [{ type: "flags", flags: "Logo\nlogo" }, "options_twice"],
  ] as [Partial<Draft>, string][])("tell %j as %s", (more, expected) => {
    expect(problems([draft(1, more), draft(2, {})]).get(1)).toBe(expected);
  });
});

describe("a draft as the server takes it", () => {
  it("carries a scale only for ratings and options only for flags", () => {
    expect(toQuestion(draft(1, { type: "rating", help: " why " }), 0)).toMatchObject({
      scale: { min: 1, max: 5 },
      options: [],
      help: "why",
    });
    expect(toQuestion(draft(1, { type: "flags", flags: "手部\nlogo" }), 3)).toMatchObject({
      scale: null,
      position: 3,
      options: [
        { id: "flag_1", title: "手部" },
        { id: "logo", title: "logo" },
      ],
    });
  });

  it("moves up and down, not past the ends", () => {
    const keys = (drafts: Draft[]) => drafts.map((one) => one.key);
    const three = [draft(1, {}), draft(2, {}), draft(3, {})];

    expect(keys(moved(three, 1, -1))).toEqual([2, 1, 3]);
    expect(keys(moved(three, 1, 1))).toEqual([1, 3, 2]);
    expect(keys(moved(three, 2, 1))).toEqual([1, 2, 3]);
  });
});
