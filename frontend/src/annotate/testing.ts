/** Small worlds for the tests of this room. */

import type { Answers, Question, QuestionType } from "@/questions/kind";
import { cursorOf, type MarksCursor } from "@/questions/marks";

import type { Assignment, Claims } from "./server";
import {
  type ActEvent,
  begin,
  type DeskEvent,
  type Effect,
  type Session,
} from "./session/state";
import { step } from "./session/step";

export function question(id: string, type: QuestionType, more: Partial<Question> = {}): Question {
  return {
    id,
    type,
    title: id,
    help: "",
    title_zh: "",
    help_zh: "",
    required: true,
    position: 0,
    scale: type === "rating" ? { min: 1, max: 5 } : null,
    half_points: false,
    unsure: false,
    spans: false,
    links: false,
    na: false,
    options: [],
    about: null,
    since: 1,
    until: null,
    ...more,
  };
}

/** An action of the kind in focus, or of the question named. */
export function act(action: { type: string } & Record<string, unknown>, question?: string): ActEvent {
  return { type: "act", action, ...(question === undefined ? {} : { question }) };
}

export function prefer(choice: "left" | "right" | "tie" | "both_bad" | "unsure"): ActEvent {
  return act({ type: "prefer", choice });
}

function inOrder(questions: readonly Question[]): Question[] {
  return questions.map((one, position) => ({ ...one, position }));
}

export const MPS = inOrder([
  question("aesthetics", "preference"),
  question("detail_quality", "preference"),
  question("semantic_alignment", "preference"),
  question("overall", "preference"),
]);

export const RICHHF = inOrder([
  question("implausibility", "marks"),
  question("misalignment", "marks"),
  question("misaligned_words", "words"),
  question("plausibility", "rating"),
  question("overall", "rating"),
]);

export function assignment(id: string, order: string[] = ["b", "a"]): Assignment {
  return {
    id,
    lease_expires_at: "2026-11-20T12:10:00Z",
    item: {
      id: `item-${id}`,
      prompt: "two red cubes",
      tokens: ["two", "red", "cubes"],
      checklist: [],
      beside: [],
      images: [...order].sort().map((letter) => ({
        id: `${id}-${letter}`,
        letter,
        url: `/api/v1/images/${id}-${letter}/file`,
        thumbnail_url: `/api/v1/images/${id}-${letter}/thumbnail`,
        width: 512,
        height: 512,
        sizes: [{ url: `/api/v1/images/${id}-${letter}/views/512`, width: 512, height: 512 }],
      })),
    },
    shown: { order },
    asked: 1,
  };
}

export function claims(ids: readonly string[], more: Partial<Claims> = {}): Claims {
  return {
    assignments: ids.map((id) => assignment(id)),
    status: ids.length > 0 ? "work" : "done",
    next_free_at: null,
    done_today: 0,
    remaining_for_you: 10,
    remaining_is_capped: false,
    note: "",
    ...more,
  };
}

/** A desk without a page or a server: events in, effects kept. */
export class Bench {
  session: Session;
  effects: Effect[] = [];
  now = 1_000;

  constructor(questions: readonly Question[], imageByImage = false) {
    this.session = begin(questions, imageByImage);
  }

  send(...events: DeskEvent[]): this {
    for (const event of events) {
      const { session, effects } = step(this.session, event, this.now);
      this.session = session;
      this.effects.push(...effects);
      this.now += 100;
    }
    return this;
  }

  /** Opens an item whose images are on screen. */
  open(id: string, order: string[] = ["b", "a"]): this {
    return this.send(
      { type: "opened", assignment: assignment(id, order), key: `key-${id}`, draft: null },
      { type: "armed", id },
    );
  }

  get answers(): Answers {
    return this.session.open?.answers ?? {};
  }

  get focus(): number {
    return this.session.open?.focus ?? -1;
  }

  get cursor(): MarksCursor | null {
    return this.session.open && cursorOf(this.session.open);
  }

  sent(): Extract<Effect, { type: "submit" }>[] {
    return this.effects.filter((effect) => effect.type === "submit");
  }

  asked<T extends Effect["type"]>(type: T): Extract<Effect, { type: T }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { type: T }> => effect.type === type);
  }
}

/** A promise that the test settles when it likes. */
export function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((ok, no) => {
    resolve = ok;
    reject = no;
  });
  return { promise, resolve, reject };
}
