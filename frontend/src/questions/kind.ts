/** What a kind of question is: how it is answered, by which keys, and how its answer is shown. */

import type { ReactNode } from "react";

import type { Schemas } from "@/api/client";
import type { questions as catalog } from "@/i18n/en/questions";
import type { regions as drawing } from "@/i18n/en/regions";
import type { QuestionText } from "@/i18n/questionText";
import type { Text } from "@/i18n/useTranslation";
import type { ImagePoint, ScreenPoint, View } from "@/image/geometry";
import type { Crosshair, DrawnMark } from "@/image/MarksOverlay";
import type { Phase, Tap } from "@/image/usePointers";
import type { Command } from "@/ui/desk/commands";

import type { Region } from "./regions";
import type { ChecklistRow } from "./rows";

export type Question = Schemas["Question"];
export type QuestionType = Question["type"];
export type Assignment = Schemas["Assignment"];
export type Letter = string;
/** A point in fractions of the image's width and height from its top left. */
export interface Mark {
  readonly x: number;
  readonly y: number;
}

/** One CSS pixel in fractions of each image's sides, as they are seen now. */
export type Pixels = Readonly<Record<Letter, Mark>>;

/** By question; what an answer looks like is its kind's business. */
export type Answers = Readonly<Record<string, unknown>>;

/** An item that is being answered: what is asked, and what is answered so far. */
export interface AskedItem {
  readonly questions: readonly Question[];
  /** Of several images one is rated by all questions, then the next; else question by question. */
  readonly imageByImage?: boolean;
  readonly assignment: Assignment;
  /** The images are decoded and on screen: answers count from here. */
  readonly armed: boolean;
  readonly answers: Answers;
  /** Which step the keys are about. */
  readonly focus: number;
  /** What the keys are about within a question, by kind: a mark, a word. */
  readonly cursors: Cursors;
}

export type Cursors = Readonly<Partial<Record<QuestionType, unknown>>>;

/** One press, where that is possible. `letter` null: it is about the item as a whole. */
export interface Step {
  readonly question: Question;
  readonly letter: Letter | null;
}

/** One question of an item, as its kind sees it. */
export interface Here<Answer, Cursor> extends Step {
  readonly item: AskedItem;
  readonly answer: Answer | null;
  readonly cursor: Cursor | null;
  /** The keys are about this question. */
  readonly focused: boolean;
  /** Known where a step is taken. */
  readonly pixels?: Pixels;
}

/** A place on an image that an answer names, by where it stands in that image's list. */
export interface PlaceRef {
  readonly question: string;
  readonly letter: Letter;
  readonly index: number;
}

/** A word that is tied to such a place, as the server takes it. */
export interface Link {
  readonly token: number;
  readonly question: string;
  readonly image: Letter;
  readonly mark: number;
}

/** What an action changes. */
export interface Change<Answer, Cursor> {
  /** The answer from now on; null: none any more. Left out: it stays. */
  readonly answer?: Answer | null;
  readonly cursor?: Cursor | null;
  /** It answers the step in full, so the focus goes on. */
  readonly completes?: boolean;
  /** It goes on with the change before, so that one undo takes both back: typing, dragging. */
  readonly continues?: boolean;
  /** The keys stay with the question that they are about. */
  readonly keepsFocus?: boolean;
  /** The question whose answer it is, where that is not the one asked. */
  readonly question?: string;
  /** What becomes of the other answers. */
  readonly tidy?: (this: void, answers: Answers) => Answers;
}

/** Why a cursor is let go: the focus moved, an answer was undone, Escape was pressed. */
export type LetGo = "moved" | "undone" | "escaped";

export interface RowProps<Answer, Action, Cursor> extends Here<Answer, Cursor> {
  readonly text: QuestionText;
  /** Answered in full. */
  readonly done: boolean;
  act(this: void, action: Action, letter?: Letter): void;
  focus(this: void): void;
}

export interface OnImage {
  readonly marks?: readonly DrawnMark[];
  readonly crosshair?: Crosshair | null;
  /** Where on the image the keys are. */
  readonly keys?: ImagePoint | null;
  /** The image is the one that was chosen. */
  readonly outlined?: boolean;
  /** How the pointer looks where a press on the image is for this kind. */
  readonly pointer?: "crosshair" | "pointer";
  tap?(this: void, tap: Tap, view: View): Press | null;
  /** A press while a word is being tied: it is for the word, wherever the keys are. */
  ties?(this: void, at: ScreenPoint, view: View): Press | null;
  /** Takes hold of something; what dragging it does. */
  grab?(this: void, at: ScreenPoint, view: View): ((to: ImagePoint, phase: Phase) => Press | null) | null;
  /** The keys are about this kind: before all others the presses are its own. */
  focused?: boolean;
  /** What else it draws over the image. */
  layer?(this: void, view: View, press: (pressed: Press) => void): ReactNode;
}

/** An action for one of the questions, done on the image. */
export interface Press {
  readonly question: string;
  readonly action: unknown;
}

/** How an answer is shown to others, in a table of a column a person. */
export interface CellOf<Answer, Value> {
  /** Where an item has several images, it takes a row an image. */
  readonly byImage?: boolean;
  /** It takes a row for each of the item's checklist. */
  readonly byRow?: boolean;
  /** Null: nothing is answered. `of`: the row's image, else the first; or the checklist's row. */
  value(this: void, answer: Answer, of: string, checklist?: readonly ChecklistRow[]): Value | null;
  /** Whether people who answered this say noticeably different things; two or more values. */
  differs(this: void, values: readonly Value[], question: Question): boolean;
  Cell(this: void, props: CellProps<Value>): ReactNode;
}

export interface CellProps<Value> {
  readonly value: Value;
  readonly question: Question;
  readonly text: QuestionText;
}

/** Words from one to another, by their places, that are chosen or are not. */
export interface Painted {
  readonly from: number;
  readonly to: number;
  readonly chosen: boolean;
}

/** Words of the prompt that can be chosen. */
export interface WordsOf<Answer, Action, Cursor> {
  /** The tokens that are. */
  chosen(this: void, answer: Answer): readonly number[];
  /** Those of which it is said that one is not sure. */
  unsure(this: void, answer: Answer): readonly number[];
  /** Whether a chosen token goes on with the one before, in one span. */
  goesOn(this: void, answer: Answer, token: number): boolean;
  /** The numbers of the marks that a word of these tokens is tied to. */
  numbers(this: void, item: AskedItem, tokens: readonly number[]): string | undefined;
  press(this: void, word: number): Action;
  /** A pointer is drawn over them; `first`: it begins, and the next ones go on with it. */
  paint(this: void, words: Painted, first: boolean): Action;
  /** The word that the keys are about. */
  at(this: void, cursor: Cursor | null): number;
}

/** Words that can be tied to places on the images. */
export interface LinksOf<Answer, Action, Cursor> {
  of(this: void, answer: Answer): readonly Link[];
  with(this: void, answer: Answer, links: readonly Link[]): Answer;
  /** A place that is pressed now is for the word that the keys are about. */
  isOn(this: void, cursor: Cursor | null): boolean;
  to(this: void, place: PlaceRef): Action;
}

export type Texts = Text<"questions">;
export type KindCommand<Action> = Command<
  Action,
  keyof (typeof catalog)["commands"] | keyof (typeof drawing)["commands"]
>;

/** A key that takes to a question from anywhere on the item, or does something for it. */
export interface Shortcut {
  readonly command: Omit<KindCommand<unknown>, "event" | "release">;
  readonly question: string;
  readonly action?: unknown;
}

/** All that the desks know of a kind. `Answer`, `Action` and `Cursor` are its own. */
export interface KindOf<Answer, Action, Cursor> {
  readonly kind: QuestionType;
  /** A press completes its answer, after which nobody is in the middle of it: it may send the item. */
  readonly onePress?: boolean;
  /** The images that it asks about one by one; left out: about the item as a whole. */
  letters?(this: void, question: Question, item: AskedItem): readonly (Letter | null)[];
  isDone(this: void, here: Here<Answer, Cursor>): boolean;
  /** What an action does; null: nothing. */
  step(this: void, here: Here<Answer, Cursor>, action: Action): Change<Answer, Cursor> | null;
  /** What Enter does before it goes on; null: it goes on. */
  confirm?(this: void, here: Here<Answer, Cursor>): Action | null;
  letGo?(this: void, cursor: Cursor, why: LetGo): Cursor;
  /** The keys while the question has the focus. */
  commands(this: void, here: Here<Answer, Cursor>): readonly KindCommand<Action>[];
  shortcuts?(this: void, item: AskedItem): readonly Shortcut[];

  Row(this: void, props: RowProps<Answer, Action, Cursor>): ReactNode;
  /** Under a pair of images that has the page's whole width. */
  readonly pair?: {
    Bar(this: void, props: RowProps<Answer, Action, Cursor>): ReactNode;
    /** The answer in a word. */
    Brief(this: void, props: Here<Answer, Cursor>): ReactNode;
  };
  /** How it is answered, under the questions. */
  hint?(this: void, t: Texts): string;
  /** What the desk says when its answer is missing. */
  missing?(this: void, t: Texts, title: string): string;

  onImage?(this: void, item: AskedItem, letter: Letter, focused: Question | null): OnImage;
  /** Beside the name of an image. */
  Badge?(this: void, props: { item: AskedItem; letter: Letter }): ReactNode;
  readonly words?: WordsOf<Answer, Action, Cursor>;
  readonly links?: LinksOf<Answer, Action, Cursor>;
  /** An answer as it is sent beside these. */
  toSend?(this: void, answer: Answer, answers: Answers): Answer;
  /** Of the places that it marks on the images the one that is chosen. */
  chosenPlace?(this: void, item: AskedItem): PlaceRef | null;

  readonly cell: CellOf<Answer, unknown>;
  /** Points that an answer marks on an image. */
  points?(this: void, answer: Answer, letter: Letter): readonly Mark[];
  /** Regions that it marks. */
  regions?(this: void, answer: Answer, letter: Letter): readonly Region[];
  /** The image that an answer chooses, if it does. */
  choice?(this: void, answer: Answer): string;
}

export type Kind = KindOf<unknown, unknown, unknown>;

export function lettersOf({ assignment }: AskedItem): readonly Letter[] {
  return assignment.item.images.map(({ letter }) => letter);
}

/** Sets one image's part of an answer, or takes it away; null: nothing is left. */
export function withLetter<T>(
  parts: Readonly<Record<Letter, T>>,
  letter: Letter,
  part: T | null,
): Record<Letter, T> | null {
  const rest = Object.entries(parts).filter(([other]) => other !== letter);
  if (part !== null) rest.push([letter, part]);
  return rest.length > 0 ? Object.fromEntries(rest) : null;
}

/** Whether they are not all the same, in whatever order they are written. */
export function notAllEqual(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value))).size > 1;
}

/** The flag or class of this id; one that the question offers no more goes by its id. */
export function optionOf({ options }: Question, id: string): { id: string; title: string; title_zh?: string } {
  return options.find((option) => option.id === id) ?? { id, title: "" };
}
