import { describe, expect, it } from "vitest";

import { assignment, Bench, question } from "@/annotate/testing";
import type { Question } from "@/questions/kind";
import { commandAt, type Pressed } from "@/ui/desk/commands";

import { commandsFor } from "./commands";

type Key = string | Partial<Pressed>;

function desk(questions: readonly Question[], order = ["a"]): Bench {
  return new Bench(questions).send(
    { type: "opened", assignment: assignment("1", order), key: "k", draft: null },
    { type: "armed", id: "1" },
  );
}

function press(on: Bench, ...pressed: Key[]): Bench {
  for (const one of pressed) {
    const key = typeof one === "string" ? { code: one } : one;
    const command = commandAt(commandsFor(on.session), {
      code: "",
      shift: false,
      repeat: false,
      typed: "",
      ...key,
    });
    if (!command || command.event.type === "look") throw new Error(`${key.code ?? ""} does nothing here`);
    on.send(command.event);
  }
  return on;
}

const halves = question("care", "rating", { half_points: true, na: true });
const long = question("care", "rating", { scale: { min: 0, max: 100 }, na: true });

describe("a rating of half points", () => {
  it.each([
    ["Digit3", 3],
    ["KeyQ", 1.5],
    ["KeyW", 2.5],
    ["KeyR", 4.5],
    ["KeyN", null],
  ])("is answered by one press: %s is %s", (code, value) => {
    expect(press(desk([halves]), code).sent()[0]?.answers).toEqual({ care: { ratings: { a: value } } });
  });

  it("has keys for no half beyond its ends, and none where halves are not allowed", () => {
    expect(() => press(desk([halves]), "KeyT")).toThrow();
    expect(() => press(desk([question("care", "rating")]), "KeyW")).toThrow();
    expect(() => press(desk([question("care", "rating")]), "KeyN")).toThrow();
  });

  it("keeps “does not apply” of one image beside the numbers of the others", () => {
    const two = press(desk([halves], ["b", "a"]), "KeyN", "KeyW");

    expect(two.sent()[0]?.answers).toEqual({ care: { ratings: { b: null, a: 2.5 } } });
  });
});

describe("a long scale", () => {
  const at = (on: Bench) => (on.answers.care as { ratings: Record<string, number> } | undefined)?.ratings.a;

  it("begins in the middle, moves by one and by ten, and goes on with Enter", () => {
    const on = press(desk([long]), "ArrowRight");
    expect(at(on)).toBe(50);

    press(on, "ArrowRight", "PageUp", { code: "ArrowRight", shift: true }, "ArrowLeft");
    expect(at(on)).toBe(70);
    expect(on.sent()).toEqual([]);

    expect(press(on, "Enter").sent()[0]?.answers).toEqual({ care: { ratings: { a: 70 } } });
  });

  it.each([
    ["Digit0", 0],
    ["Digit7", 70],
    ["Home", 0],
    ["End", 100],
  ])("%s goes to %s", (code, value) => {
    expect(at(press(desk([long]), code))).toBe(value);
  });

  it("goes no further than its ends", () => {
    expect(at(press(desk([long]), "End", "PageUp"))).toBe(100);
    expect(at(press(desk([long]), "Digit0", "ArrowLeft"))).toBe(0);
  });

  it("is taken back whole by one undo", () => {
    const on = press(desk([long]), "Digit7", "ArrowRight", "ArrowRight", "Backspace");

    expect(at(on)).toBeUndefined();
  });

  it("does not go on before anything is said", () => {
    const on = press(desk([long]), "Enter");

    expect(on.sent()).toEqual([]);
    expect(on.session.notice).toMatchObject({ what: "needs_answer" });
  });

  it("needs one press where the question does not apply", () => {
    expect(press(desk([long]), "KeyN").sent()[0]?.answers).toEqual({ care: { ratings: { a: null } } });
  });
});

describe("the best and the worst", () => {
  const ends = question("ends", "best_worst");
  const four = ["c", "a", "d", "b"];

  it("are two presses, by the images' places", () => {
    expect(press(desk([ends], four), "Digit3", "Digit1").sent()[0]?.answers).toEqual({
      ends: { best: "d", worst: "c" },
    });
  });

  it("are two images: the best again takes it back", () => {
    const on = press(desk([ends], four), "Digit3", "Digit3");
    expect(on.answers.ends).toBeUndefined();

    expect(press(on, "Digit2", "Digit4").sent()[0]?.answers).toEqual({
      ends: { best: "a", worst: "b" },
    });
  });

  it("are both missing until both are there", () => {
    const on = press(desk([ends], four), "Digit3", "Enter");

    expect(on.sent()).toEqual([]);
    expect(on.answers.ends).toEqual({ best: "d" });
  });
});
