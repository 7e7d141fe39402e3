import { describe, expect, it } from "vitest";

import { act, assignment, Bench, question } from "@/annotate/testing";
import { imagePoint } from "@/image/geometry";
import type { Question } from "@/questions/kind";
import { numberAt, numberedLinks, numbersAt } from "@/questions/links";
import { words } from "@/questions/Words";
import { commandAt } from "@/ui/desk/commands";

import { commandsFor } from "./commands";

/** A desk that asks for words of this prompt. */
function asked(prompt: string, tokens: string[], more: Partial<Question> = {}): Bench {
  const one = assignment("1", ["a"]);
  return new Bench([{ ...question("wrong", "words"), ...more }]).send(
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

  it("are not sure after a second press, and nothing after a third, where that is allowed", () => {
    const desk = asked(...PLAIN, { unsure: true });

    press(desk, "ArrowRight", "Space");
    expect(desk.answers.wrong).toEqual({ tokens: [1], unsure: [] });
    press(desk, "Space");
    expect(desk.answers.wrong).toEqual({ tokens: [], unsure: [1] });
    press(desk, "Space");
    expect(desk.answers.wrong).toBeUndefined();
    press(desk, "KeyU", "ArrowRight", "Space");
    expect(desk.answers.wrong).toEqual({ tokens: [2], unsure: [1] });
    press(desk, "ArrowLeft", "KeyU");
    expect(desk.answers.wrong).toEqual({ tokens: [2], unsure: [] });
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

  it("are told as spans, of which neighbours stay two and one that is cut becomes two", () => {
    const desk = asked(...PLAIN, { spans: true });

    press(desk, "Space", "ArrowRight", "Space", "Shift+ArrowRight", "Shift+ArrowRight");
    expect(desk.answers.wrong).toEqual({ spans: [[0, 0], [1, 3]] });
    press(desk, "ArrowLeft", "Space");
    expect(desk.answers.wrong).toEqual({ spans: [[0, 0], [1, 1], [3, 3]] });
    desk.send(act({ type: "paint", from: 0, to: 2, chosen: true, first: true }));

    expect(desk.answers.wrong).toEqual({ spans: [[0, 2], [3, 3]] });
  });

  it("go on to the left where a prompt is written that way", () => {
    const desk = asked("قطة حمراء كبيرة", ["قطة", "حمراء", "كبيرة"]);

    press(desk, "ArrowLeft", "Space");

    expect(tokensOf(desk)).toEqual([1]);
  });
});

/** A desk that asks for places and for words that are tied to them. */
function besides(places: Question): Bench {
  const one = assignment("1", ["a"]);
  const item = { ...one.item, prompt: PLAIN[0], tokens: PLAIN[1] };
  return new Bench([places, { ...question("wrong", "words"), links: true }]).send(
    { type: "opened", assignment: { ...one, item }, key: "k", draft: null },
    { type: "armed", id: "1" },
  );
}

/** It asks for marks, of which there are three. */
function linked(): Bench {
  const desk = besides(question("flaw", "marks"));
  for (const x of [0.2, 0.4, 0.6]) {
    desk.send(act({ type: "mark", letter: "a", at: imagePoint(x, 0.5) }, "flaw"));
  }
  return desk;
}

function link(token: number, mark: number) {
  return { token, question: "flaw", image: "a", mark };
}

function select(index: number) {
  return act({ type: "select", mark: { question: "flaw", letter: "a", index } }, "flaw");
}

describe("words tied to marks", () => {
  it("are tied by one key, from either question, and untied by it again", () => {
    const desk = linked().send({ type: "focus_question", question: "wrong" });

    press(desk, "ArrowRight", "KeyJ");
    expect(desk.answers.wrong).toEqual({ tokens: [1], links: [link(1, 2)] });
    desk.send(select(0));
    press(desk, "KeyJ");
    expect(desk.answers.wrong).toEqual({ tokens: [1], links: [link(1, 2), link(1, 0)] });
    expect(desk.focus).toBe(0);
    press(desk, "KeyJ");

    expect(desk.answers.wrong).toEqual({ tokens: [1], links: [link(1, 2)] });
    const open = desk.session.open;
    const links = numberedLinks(open?.questions ?? [], open?.answers ?? {});
    expect(numbersAt(links, [1])).toBe("1");
    expect(numberAt(links, { question: "flaw", letter: "a", index: 2 })).toBe(1);
  });

  it("are tied by presses while that is on, until Escape", () => {
    const desk = linked().send(act({ type: "linking" }, "wrong"));

    desk.send(act({ type: "word", index: 1 }, "wrong"), select(1), select(0));
    desk.send(act({ type: "word", index: 3 }, "wrong"), select(1));
    const links = [link(1, 1), link(1, 0), link(3, 1)];
    expect(desk.answers.wrong).toEqual({ tokens: [1, 3], links });
    expect(desk.focus).toBe(1);
    desk.send({ type: "cancel" }, select(2));

    expect(desk.answers.wrong).toEqual({ tokens: [1, 3], links });
    expect(desk.focus).toBe(0);
  });

  it("keep to their marks when one is removed, and lose the one that is gone; undo brings it back", () => {
    const desk = linked().send(act({ type: "linking" }, "wrong"));
    desk.send(act({ type: "word", index: 1 }, "wrong"), select(0), select(2));

    desk.send(act({ type: "drop", mark: { question: "flaw", letter: "a", index: 0 } }, "flaw"));
    expect(desk.answers.wrong).toEqual({ tokens: [1], links: [link(1, 1)] });
    desk.send({ type: "undo" });
    expect(desk.answers.wrong).toEqual({ tokens: [1], links: [link(1, 0), link(1, 2)] });
  });

  it("are tied to regions, too: by presses, and by the key where the region is chosen", () => {
    const desk = besides(question("flaws", "regions"));
    for (const x of [0, 0.5]) {
      const [from, to] = [imagePoint(x, 0), imagePoint(x + 0.1, 0.1)];
      desk.send(act({ type: "box", letter: "a", from, to }, "flaws"));
    }
    const region = (index: number) =>
      act({ type: "select", region: { question: "flaws", letter: "a", index }, sought: false }, "flaws");
    const to = (token: number, mark: number) => ({ token, question: "flaws", image: "a", mark });

    desk.send(act({ type: "linking" }, "wrong"), act({ type: "word", index: 1 }, "wrong"), region(1));
    expect(desk.answers.wrong).toEqual({ tokens: [1], links: [to(1, 1)] });
    expect(desk.focus).toBe(1);
    desk.send({ type: "cancel" }, region(0));
    press(desk, "KeyJ");
    expect(desk.answers.wrong).toEqual({ tokens: [1], links: [to(1, 1), to(1, 0)] });
    expect(desk.focus).toBe(0);
    press(desk, "KeyD");

    expect(desk.answers.wrong).toEqual({ tokens: [1], links: [to(1, 0)] });
  });

  it("are tied no more once they are let go, and not to what is not sent", () => {
    const desk = linked().send(act({ type: "linking" }, "wrong"));
    desk.send(act({ type: "word", index: 1 }, "wrong"), select(0));

    expect(words.toSend?.(desk.answers.wrong as never, {})).toEqual({ tokens: [1], links: [] });
    desk.send({ type: "cancel" }, act({ type: "word", index: 3 }, "wrong"));
    desk.send(act({ type: "word", index: 1 }, "wrong"));
    expect(desk.answers.wrong).toEqual({ tokens: [3], links: [] });
  });
});
