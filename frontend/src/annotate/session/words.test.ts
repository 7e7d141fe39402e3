import { describe, expect, it } from "vitest";

import { act, assignment, Bench, question } from "@/annotate/testing";
import { commandAt } from "@/ui/desk/commands";

import { commandsFor } from "./commands";

/** A desk that asks for words of this prompt. */
function asked(prompt: string, tokens: string[]): Bench {
  const one = assignment("1", ["a"]);
  return new Bench([question("wrong", "words")]).send(
    {
      type: "opened",
      assignment: { ...one, item: { ...one.item, prompt, tokens } },
      key: "k",
      draft: null,
    },
    { type: "armed", id: "1" },
  );
}

function press(desk: Bench, ...codes: string[]): void {
  for (const code of codes) {
    const shift = code.startsWith("Shift+");
    const pressed = { code: code.replace("Shift+", ""), shift, repeat: false, typed: "" };
    const command = commandAt(commandsFor(desk.session), pressed);
    if (!command || command.event.type === "look") throw new Error(`${code} does nothing here`);
    desk.send(command.event);
  }
}

function tokensOf(desk: Bench): unknown {
  return (desk.answers.wrong as { tokens: number[] } | undefined)?.tokens;
}

const PLAIN: [string, string[]] = ["one two three four", ["one", "two", "three", "four"]];

describe("words", () => {
  it("are chosen in a range with Shift, which also shrinks", () => {
    const desk = asked(...PLAIN);

    press(desk, "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight");
    expect(tokensOf(desk)).toEqual([1, 2, 3]);
    press(desk, "Shift+ArrowLeft");
    expect(tokensOf(desk)).toEqual([1, 2]);
    press(desk, "ArrowLeft", "Space");

    expect(tokensOf(desk)).toEqual([2]);
  });

  it("are drawn over in one change, that one undo takes back", () => {
    const desk = asked(...PLAIN).send(act({ type: "word", index: 3 }));

    for (const [to, first] of [[1, true], [2, false]] as const) {
      desk.send(act({ type: "paint", from: 0, to, chosen: true, first }));
    }
    expect(tokensOf(desk)).toEqual([0, 1, 2, 3]);
    desk.send({ type: "undo" });

    expect(tokensOf(desk)).toEqual([3]);
  });

  it("of several tokens are answered by all of them", () => {
    const desk = asked("(best:1.2) cat", ["(best", "1", "2)", "cat"]);

    press(desk, "Space");
    expect(tokensOf(desk)).toEqual([0, 1, 2]);
    press(desk, "ArrowRight", "Space", "ArrowLeft", "Space");

    expect(tokensOf(desk)).toEqual([3]);
  });

  it("go on to the left where a prompt is written that way", () => {
    const desk = asked("قطة حمراء كبيرة", ["قطة", "حمراء", "كبيرة"]);

    press(desk, "ArrowLeft", "Space");

    expect(tokensOf(desk)).toEqual([1]);
  });
});
