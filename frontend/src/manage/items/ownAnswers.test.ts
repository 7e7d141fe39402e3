import { describe, expect, it } from "vitest";

import type { Question } from "@/questions/kind";

import { firstAnswers } from "./ownAnswers";
import type { DetailedItem } from "./queries";

const asked = (id: string, type: Question["type"], position: number, more: Partial<Question> = {}) =>
  ({ id, type, position, scale: null, options: [], about: null, ...more }) as Question;

const found = (question: string, key: string, more: object = {}) => ({
  question,
  key,
  letter: "",
  votes: 2,
  of: 3,
  value: null,
  decided: false,
  ...more,
});

const item = (findings: object[], answers: object[], overrides: object[] = []) =>
  ({
    overrides,
    answers: answers.map((one) => ({ stands: true, answers: one })),
    consensus: { findings },
  }) as unknown as DetailedItem;

describe("what a lead's own answers begin as", () => {
  it("is the majority's choice, not the first annotator's", () => {
    const findings = [found("overall", "a", { votes: 1 }), found("overall", "tie", { decided: true })];
    const answers = [{ overall: { choice: "a" } }, { overall: { choice: "tie" } }];
    expect(firstAnswers(item(findings, answers), [asked("overall", "preference", 0)])).toEqual({
      overall: { choice: "tie" },
    });
  });

  it("takes halves and “does not apply” where the question has them, and the ends of mean ranks", () => {
    const care = asked("care", "rating", 0, { scale: { min: 1, max: 5 }, half_points: true, na: true });
    const findings = [
      found("care", "mean", { letter: "a", value: 0.4, decided: true }),
      found("care", "mean", { letter: "b", value: 0.4 }),
      found("care", "nothing", { letter: "b", decided: true }),
      ...["a", "b", "c"].map((letter, place) =>
        found("ends", "rank", { letter, value: [2.5, 1, 3][place], decided: true }),
      ),
    ];
    expect(firstAnswers(item(findings, [{}]), [care, asked("ends", "best_worst", 1)])).toEqual({
      care: { ratings: { a: 2.5, b: null } },
      ends: { best: "b", worst: "c" },
    });
  });

  it("puts a mean on the question's scale and takes the nearest number", () => {
    const findings = [
      found("quality", "mean", { letter: "a", value: 0.7, decided: true }),
      found("quality", "maxdiff", { letter: "a", value: 0.5 }),
    ];
    const quality = asked("quality", "rating", 0, { scale: { min: 1, max: 5 } });
    // 1 + 0.7 · 4 = 3.8
    expect(firstAnswers(item(findings, []), [quality])).toEqual({ quality: { ratings: { a: 4 } } });
  });

  it("flags the chosen image alone where the flags are about the choice", () => {
    const findings = [
      found("best", "b", { decided: true }),
      found("why", "limbs", { letter: "a", decided: true }),
      found("why", "unclear", { letter: "b", decided: true }),
      found("why", "nothing", { letter: "b", votes: 0 }),
    ];
    const questions = [asked("best", "pick", 0), asked("why", "flags", 1, { about: "best" })];
    expect(firstAnswers(item(findings, []), questions)).toEqual({
      best: { choice: "b" },
      why: { flags: { b: ["unclear"] } },
    });
  });

  it("takes what nobody decided from the person who is most like the majority", () => {
    const findings = [found("overall", "b", { decided: true })];
    const marks = (x: number) => ({ points: { a: [{ x, y: 0 }] } });
    const answers = [
      { overall: { choice: "a" }, flaw: marks(0.1) },
      { overall: { choice: "b" }, flaw: marks(0.2) },
    ];
    const questions = [asked("overall", "preference", 0), asked("flaw", "marks", 1)];
    expect(firstAnswers(item(findings, answers), questions)).toEqual(answers[1]);
  });

  it("is the lead's own answers where there are some in force", () => {
    const own = { overall: { choice: "both_bad" } };
    const made = item([found("overall", "a", { decided: true })], [], [{ withdrawn_at: null, answers: own }]);
    expect(firstAnswers(made, [asked("overall", "preference", 0)])).toEqual(own);
  });
});
