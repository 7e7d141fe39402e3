import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { keys } from "@/ui/desk/commands";
import { type Piece, wordsOf } from "@/ui/desk/words";

import { Faint } from "./Cell";
import type {
  AskedItem,
  CellOf,
  CellProps,
  Change,
  Here,
  KindCommand,
  KindOf,
  Link,
  Painted,
  PlaceRef,
  Question,
  RowProps,
  Shortcut,
  Texts,
} from "./kind";
import { numberedLinks, numbersAt } from "./links";
import { Hint } from "./Options";
import { QuestionFrame } from "./QuestionFrame";
import { kindsOf } from "./registry";
import { focusedStep } from "./steps";

type Span = readonly [first: number, last: number];

/** Places in the server's list of tokens, whatever words they make. */
interface Answer {
  readonly tokens?: readonly number[];
  /** Of a question that asks for spans, instead: the first and the last token of each. */
  readonly spans?: readonly Span[];
  /** Of a question that allows it: those of which one is not sure. */
  readonly unsure?: readonly number[];
  readonly links?: readonly Link[];
}

/** What an answer says, whatever its question asks for: a token alone is a span too. */
interface Marked {
  readonly spans: readonly Span[];
  readonly unsure: readonly number[];
  readonly links: readonly Link[];
}

const NOTHING: Marked = { spans: [], unsure: [], links: [] };

/** What is said of a word. */
type WordState = "misaligned" | "unsure" | "right";

type Action =
  /** Chooses the word, then says that one is not sure of it where that is allowed, then lets it go. */
  | { readonly type: "word"; readonly index: number }
  /** Not sure of the word; once more: nothing is said of it. */
  | { readonly type: "unsure"; readonly index: number }
  /** All words from one to another, as a pointer is drawn over them. */
  | ({ readonly type: "paint"; readonly first: boolean } & Painted)
  | { readonly type: "move"; readonly by: 1 | -1 }
  /** Chooses from where it began on, or lets the last one go on the way back. */
  | { readonly type: "extend"; readonly by: 1 | -1 }
  | { readonly type: "none" }
  /** From now on a mark that is pressed is tied to the word; once more: no longer. */
  | { readonly type: "linking" }
  /** Ties the word to the mark, else to the chosen one; once more: unties them. */
  | { readonly type: "link"; readonly place?: PlaceRef };

/** Places among the prompt's words: which the keys are about, and where a range began. */
interface Word {
  readonly at: number;
  readonly from: number;
  readonly linking?: boolean;
}

type Known = Here<Answer, Word>;

const found = new WeakMap<readonly string[], readonly Piece[]>();

function wordsIn({ assignment: { item } }: AskedItem): readonly Piece[] {
  const known = found.get(item.tokens) ?? wordsOf(item.prompt, item.tokens);
  found.set(item.tokens, known);
  return known;
}

function isRightToLeft({ assignment: { item } }: AskedItem): boolean {
  const [first = ""] = /\p{L}/u.exec(item.prompt) ?? [];
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u.test(first);
}

function step(here: Known, action: Action): Change<Answer, Word> | null {
  const { item, question, answer, cursor } = here;
  const words = wordsIn(item);
  const count = words.length;
  const at = cursor?.at ?? 0;
  const from = cursor?.from ?? at;
  const linking = cursor?.linking ?? false;
  const placed = (place: number): Word => ({ at: place, from: place, linking });
  switch (action.type) {
    case "none":
      return { answer: answerOf(question, NOTHING), completes: true };
    case "move":
      return { cursor: placed(count === 0 ? 0 : (at + action.by + count) % count) };
    case "word": {
      const { index } = action;
      if (index >= count) return null;
      const state = stateOf(answer, words[index]);
      // It is chosen to be tied to something, not let go.
      if (linking && state !== "right") return { cursor: placed(index) };
      const next = state === "right" ? "misaligned" : nextOf(here, state);
      return { answer: given(here, index, index, next), cursor: placed(index) };
    }
    case "unsure": {
      const { index } = action;
      if (index >= count || !question.unsure) return null;
      const next = stateOf(answer, words[index]) === "unsure" ? "right" : "unsure";
      return { answer: given(here, index, index, next), cursor: placed(index) };
    }
    case "paint": {
      const { from, to, chosen, first } = action;
      const answer = given(here, from, to, chosen ? "misaligned" : "right");
      return { answer, cursor: placed(to), continues: !first };
    }
    case "extend": {
      if (count === 0) return null;
      const to = Math.min(Math.max(at + action.by, 0), count - 1);
      const shrinks = Math.abs(to - from) < Math.abs(at - from);
      const answer = shrinks ? given(here, at, at, "right") : given(here, from, to, "misaligned");
      return { answer, cursor: { at: to, from, linking } };
    }
    case "linking":
      return { cursor: { at, from, linking: !linking } };
    case "link": {
      if (!question.links || count === 0) return null;
      const place = action.place ?? chosenPlace(item);
      // Without a mark or a word yet, the ones that are chosen next are meant.
      if (!place || (!cursor && !here.focused)) return { cursor: { at, from, linking: !linking } };
      return { answer: linked(here, at, place), keepsFocus: true };
    }
  }
}

/** The one chosen by the question in focus, else by any other. */
function chosenPlace(item: AskedItem): PlaceRef | null {
  const places = kindsOf(item.questions).flatMap((kind) => kind.chosenPlace?.(item) ?? []);
  const focused = focusedStep(item)?.question.id;
  return places.find(({ question }) => question === focused) ?? places[0] ?? null;
}

/** With the word tied to this place, and chosen if it was not; without that where it was tied. */
function linked(here: Known, at: number, { question: id, letter, index }: PlaceRef): Answer | null {
  const { item, question, answer } = here;
  const word = wordsIn(item)[at];
  const [token = 0] = word?.tokens ?? [];
  const chosen = stateOf(answer, word) === "right" ? given(here, at, at, "misaligned") : answer;
  const marked = markedBy(chosen);
  const link: Link = { token, question: id, image: letter, mark: index };
  const others = marked.links.filter((one) => !isSame(one, link));
  const links = others.length < marked.links.length ? others : [...marked.links, link];
  return answerOf(question, { ...marked, links });
}

function isSame(one: Link, other: Link): boolean {
  return one.token === other.token && one.question === other.question && one.image === other.image && one.mark === other.mark;
}

function markedBy(answer: Answer | null): Marked {
  const { tokens = [], spans, unsure = [], links = [] } = answer ?? {};
  return { spans: spans ?? tokens.map((token): Span => [token, token]), unsure, links };
}

function tokensOf(spans: readonly Span[]): readonly number[] {
  return spans.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, more) => first + more));
}

function stateOf(answer: Answer | null, word: Piece | undefined): WordState {
  const { spans, unsure } = markedBy(answer);
  const isIn = (tokens: readonly number[]) => word?.tokens.some((token) => tokens.includes(token));
  if (isIn(tokensOf(spans))) return "misaligned";
  return isIn(unsure) ? "unsure" : "right";
}

/** What a further press says of a word that something is said of. */
function nextOf({ question }: Known, state: WordState): WordState {
  return state === "misaligned" && question.unsure ? "unsure" : "right";
}

/** The answer when this is said of the words from one to another; null: of none anything is. */
function given(here: Known, from: number, to: number, state: WordState): Answer | null {
  const { item, question, answer } = here;
  const words = wordsIn(item).slice(Math.min(from, to), Math.max(from, to) + 1);
  const about = words.flatMap((word) => word.tokens);
  const [first = 0, last = 0] = [about[0], about.at(-1)];
  const before = markedBy(answer);
  // What is left of a span on both sides stays two spans.
  const around = before.spans.flatMap(([start, end]): Span[] => [
    ...(start < first ? [[start, Math.min(end, first - 1)] as const] : []),
    ...(end > last ? [[Math.max(start, last + 1), end] as const] : []),
  ]);
  const spans = [...around, ...(state === "misaligned" ? [[first, last] as const] : [])];
  const others = before.unsure.filter((token) => !about.includes(token));
  const unsure = state === "unsure" ? [...others, ...about] : others;
  const named = new Set([...tokensOf(spans), ...unsure]);
  const links = before.links.filter(({ token }) => named.has(token));
  return named.size > 0 ? answerOf(question, { spans, unsure, links }) : null;
}

function answerOf({ spans: asSpans, unsure: mayDoubt, links: mayLink }: Question, marked: Marked): Answer {
  const spans = [...marked.spans].sort(([one], [other]) => one - other);
  const ascending = (some: readonly number[]) => [...some].sort((one, other) => one - other);
  return {
    ...(asSpans ? { spans } : { tokens: ascending(tokensOf(spans)) }),
    ...(mayDoubt ? { unsure: ascending(marked.unsure) } : {}),
    ...(mayLink ? { links: [...marked.links].sort((one, other) => one.token - other.token) } : {}),
  };
}

function commands({ item, question, cursor }: Known): readonly KindCommand<Action>[] {
  const [back = "", on = ""] = isRightToLeft(item)
    ? ["ArrowRight", "ArrowLeft"]
    : ["ArrowLeft", "ArrowRight"];
  const arrows = (code: string, by: 1 | -1, name: "previous_word" | "next_word") =>
    ({ name, group: "move", keys: keys(code), event: { type: "move", by }, repeats: true }) as const;
  const ranges = (code: string, by: 1 | -1, name: "range_back" | "range_on") =>
    ({ name, group: "answer", keys: [{ code, shift: true }], event: { type: "extend", by } }) as const;
  return [
    { name: "no_word", group: "answer", keys: keys("KeyE"), event: { type: "none" } },
    arrows(back, -1, "previous_word"),
    arrows(on, 1, "next_word"),
    {
      name: "toggle_word",
      group: "answer",
      keys: keys("Space"),
      event: { type: "word", index: cursor?.at ?? 0 },
    },
    ...(question.unsure
      ? [
          {
            name: "word_unsure",
            group: "answer",
            keys: keys("KeyU"),
            event: { type: "unsure", index: cursor?.at ?? 0 },
          } as const,
        ]
      : []),
    ranges(back, -1, "range_back"),
    ranges(on, 1, "range_on"),
  ];
}

/** J ties the word and the mark that are chosen, from wherever the keys are. */
function shortcuts({ questions }: AskedItem): readonly Shortcut[] {
  return questions
    .filter(({ type, links }) => type === "words" && links)
    .slice(0, 1)
    .map(({ id }) => ({
      command: { name: "link_word", group: "answer", keys: keys("KeyJ") },
      question: id,
      action: { type: "link" } satisfies Action,
    }));
}

/** How many words are chosen, and the way to say "none"; the words themselves are the prompt. */
function Row(props: RowProps<Answer, Action, Word>) {
  const { t } = useTranslation("questions");
  const { item, question, answer, cursor, focused, act } = props;
  const marked = markedBy(answer);
  const states = wordsIn(item).map((word) => stateOf(answer, word));
  const words = states.filter((one) => one === "misaligned").length;
  const count = question.spans ? marked.spans.length : words;
  const unsure = states.filter((one) => one === "unsure").length;
  const linking = focused && cursor?.linking === true;
  const empty = item.assignment.item.tokens.length === 0;
  return (
    <QuestionFrame
      inline
      {...props}
      summary={
        count + unsure > 0
          ? told(t, { count, spans: question.spans, unsure, links: marked.links.length })
          : empty
            ? t("kinds.words.no_words")
            : undefined
      }
    >
      {count + unsure === 0 && (
        <Button
          {...(focused ? { command: "no_word" } : {})}
          chosen={answer !== null}
          disabled={!item.armed}
          onClick={() => act({ type: "none" })}
        >
          {t("kinds.words.none")}
        </Button>
      )}
      {question.links && (
        <Button
          look="quiet"
          {...(focused ? { command: "link_word" } : {})}
          chosen={linking}
          disabled={!item.armed || empty}
          onClick={() => act({ type: "linking" })}
        >
          {t("kinds.words.link")}
        </Button>
      )}
      {linking && <Hint>{t("kinds.words.link_hint")}</Hint>}
      {focused && !linking && question.unsure && count + unsure === 0 && <Hint>{t("kinds.words.unsure_hint")}</Hint>}
    </QuestionFrame>
  );
}

/** What is counted of an answer. */
interface Value {
  readonly count: number;
  readonly spans: boolean;
  readonly unsure: number;
  readonly links: number;
}

/** "2 words, 1 not sure, 1 tied". */
function told(t: Texts, { count, spans, unsure, links }: Value): string {
  return [
    ...(count > 0 || unsure === 0 ? [t(spans ? "kinds.words.spans" : "kinds.words.count", { count })] : []),
    ...(unsure > 0 ? [t("kinds.words.unsure", { count: unsure })] : []),
    ...(links > 0 ? [t("kinds.words.links", { n: links })] : []),
  ].join(", ");
}

function Cell({ value }: CellProps<Value>) {
  const { t } = useTranslation("questions");
  return value.count + value.unsure === 0 ? <Faint>{t("kinds.words.cell.none")}</Faint> : told(t, value);
}

const cell: CellOf<Answer, Value> = {
  value: (answer) => {
    const { spans, unsure, links } = markedBy(answer);
    return { count: spans.length, spans: answer.spans !== undefined, unsure: unsure.length, links: links.length };
  },
  differs: (values) =>
    values.some(({ count }) => count === 0) && values.some(({ count }) => count !== 0),
  Cell,
};

/** Words of the prompt that the image leaves out or shows wrongly. */
export const words: KindOf<Answer, Action, Word> = {
  kind: "words",
  isDone: ({ answer }) => answer !== null,
  step,
  commands,
  shortcuts,
  letGo: (cursor, why) => (why === "escaped" && cursor.linking ? { ...cursor, linking: false } : cursor),
  Row,
  hint: (t) => t("kinds.words.hint"),
  missing: (t) => t("kinds.words.missing"),
  words: {
    chosen: (answer) => tokensOf(markedBy(answer).spans),
    unsure: ({ unsure = [] }) => unsure,
    goesOn: (answer, token) => markedBy(answer).spans.some(([first, last]) => first < token && token <= last),
    numbers: ({ questions, answers }, tokens) => numbersAt(numberedLinks(questions, answers), tokens),
    press: (index) => ({ type: "word", index }),
    paint: (painted, first) => ({ type: "paint", first, ...painted }),
    at: (cursor) => cursor?.at ?? 0,
  },
  toSend: (answer, answers) =>
    answer.links
      ? { ...answer, links: answer.links.filter(({ question }) => question in answers) }
      : answer,
  links: {
    of: ({ links = [] }) => links,
    with: (answer, links) => (answer.links ? { ...answer, links } : answer),
    isOn: (cursor) => cursor?.linking === true,
    to: (place) => ({ type: "link", place }),
  },
  cell,
};
