import { describe, expect, it } from "vitest";

import { assignment, Bench, question } from "@/annotate/testing";
import { commandAt } from "@/ui/desk/commands";

import { commandsFor } from "./commands";

const row = (id: string, ...depends_on: string[]) => ({ id, text: `Is there a ${id}?`, kind: "", depends_on });
const CHECKLIST = [row("bear"), row("hat", "bear"), row("red", "hat"), row("snow")];

/** A desk that asks for the rows, and then for a rating. */
function asked(): Bench {
  const one = assignment("1", ["a"]);
  const questions = [question("elements", "checklist"), question("alignment", "rating", { position: 1 })];
  return new Bench(questions).send(
    {
      type: "opened",
      assignment: { ...one, item: { ...one.item, checklist: CHECKLIST } },
      key: "k",
      draft: null,
    },
    { type: "armed", id: "1" },
  );
}

function press(desk: Bench, ...codes: string[]): Bench {
  for (const code of codes) {
    const command = commandAt(commandsFor(desk.session), { code, shift: false, repeat: false, typed: "" });
    if (!command || command.event.type === "look") throw new Error(`${code} does nothing here`);
    desk.send(command.event);
  }
  return desk;
}

function rowsOf(desk: Bench): unknown {
  return (desk.answers.elements as { rows: Record<string, string> } | undefined)?.rows;
}

describe("a checklist", () => {
  it("goes on by itself from row to row, then to the next question, and is sent with the last", () => {
    const desk = press(asked(), "KeyY", "KeyY", "KeyU", "KeyN");

    expect(rowsOf(desk)).toEqual({ bear: "yes", hat: "yes", red: "unsure", snow: "no" });
    expect(desk.focus).toBe(1);

    press(desk, "Digit4");

    expect(desk.sent()[0]?.answers).toMatchObject({
      elements: { rows: { bear: "yes", snow: "no" } },
      alignment: { ratings: { a: 4 } },
    });
  });

  it("passes over what a no skips", () => {
    const desk = press(asked(), "KeyN", "Digit1");

    expect(rowsOf(desk)).toEqual({ bear: "no", snow: "yes" });
    expect(desk.focus).toBe(1);
  });

  it("forgets what was answered to a row that is skipped later, and asks again if it is not", () => {
    const desk = press(asked(), "KeyY", "KeyY", "KeyY", "ArrowUp", "ArrowUp", "KeyN");

    expect(rowsOf(desk)).toEqual({ bear: "yes", hat: "no" });

    press(desk, "ArrowUp", "KeyY", "KeyN", "KeyY");

    expect(rowsOf(desk)).toEqual({ bear: "yes", hat: "yes", red: "no", snow: "yes" });
  });

  it("leaves the arrows at its ends to go to another question", () => {
    const desk = press(asked(), "ArrowDown", "ArrowDown", "ArrowDown");

    expect(desk.focus).toBe(0);

    press(desk, "ArrowDown");

    expect(desk.focus).toBe(1);
  });

  it("takes back one answer with one undo", () => {
    const desk = press(asked(), "KeyY", "KeyN");

    press(desk, "Backspace");

    expect(rowsOf(desk)).toEqual({ bear: "yes" });
    press(desk, "KeyY");
    expect(rowsOf(desk)).toEqual({ bear: "yes", hat: "yes" });
  });

  it("is open until every row that is asked has an answer", () => {
    const desk = press(asked(), "KeyY", "Enter");

    expect(desk.session.notice).toEqual({ what: "needs_answer", question: "elements" });
    expect(desk.sent()).toEqual([]);
  });

  it("is answered by a press on any row", () => {
    const desk = asked().send({ type: "act", action: { type: "say", given: "no", place: 3 }, question: "elements" });

    expect(rowsOf(desk)).toEqual({ snow: "no" });

    // A skipped row takes none.
    press(desk, "KeyN");
    desk.send({ type: "act", action: { type: "say", given: "yes", place: 1 }, question: "elements" });
    expect(rowsOf(desk)).toEqual({ bear: "no", snow: "no" });
  });
});
