import { useTranslation } from "react-i18next";

import { Button } from "@/ui/desk/Button";
import { keys } from "@/ui/desk/commands";
import { type Piece, wordsOf } from "@/ui/desk/words";

import { Faint } from "./Cell";
import type {
  AskedItem,
  CellProps,
  Change,
  Here,
  KindCommand,
  KindOf,
  Painted,
  RowProps,
} from "./kind";
import { QuestionFrame } from "./QuestionFrame";

/** Places in the server's list of tokens, whatever words they make. */
interface Answer {
  readonly tokens: readonly number[];
}

type Action =
  /** Chooses the word, or lets it go. */
  | { readonly type: "word"; readonly index: number }
  /** All words from one to another, as a pointer is drawn over them. */
  | ({ readonly type: "paint"; readonly first: boolean } & Painted)
  | { readonly type: "move"; readonly by: 1 | -1 }
  /** Chooses from where it began on, or lets the last one go on the way back. */
  | { readonly type: "extend"; readonly by: 1 | -1 }
  | { readonly type: "none" };

/** Places among the prompt's words: which the keys are about, and where a range began. */
interface Word {
  readonly at: number;
  readonly from: number;
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
  const { item, answer, cursor } = here;
  const count = wordsIn(item).length;
  const at = cursor?.at ?? 0;
  const from = cursor?.from ?? at;
  switch (action.type) {
    case "none":
      return { answer: { tokens: [] }, completes: true };
    case "move":
      return { cursor: count === 0 ? { at: 0, from: 0 } : placed((at + action.by + count) % count) };
    case "word": {
      const { index } = action;
      if (index >= count) return null;
      const chosen = !isChosen(answer, wordsIn(item)[index]);
      return { answer: given(here, { from: index, to: index, chosen }), cursor: placed(index) };
    }
    case "paint":
      return { answer: given(here, action), cursor: placed(action.to), continues: !action.first };
    case "extend": {
      if (count === 0) return null;
      const to = Math.min(Math.max(at + action.by, 0), count - 1);
      const shrinks = Math.abs(to - from) < Math.abs(at - from);
      const change = shrinks ? { from: at, to: at, chosen: false } : { from, to, chosen: true };
      return { answer: given(here, change), cursor: { at: to, from } };
    }
  }
}

function placed(at: number): Word {
  return { at, from: at };
}

function isChosen(answer: Answer | null, word: Piece | undefined): boolean {
  return answer !== null && (word?.tokens.some((token) => answer.tokens.includes(token)) ?? false);
}

/** The answer when these words are chosen, or are not; null: none is. */
function given({ item, answer }: Known, { from, to, chosen }: Painted): Answer | null {
  const words = wordsIn(item).slice(Math.min(from, to), Math.max(from, to) + 1);
  const tokens = new Set(answer?.tokens);
  for (const token of words.flatMap((word) => word.tokens)) {
    if (chosen) tokens.add(token);
    else tokens.delete(token);
  }
  return tokens.size > 0 ? { tokens: [...tokens].sort((one, other) => one - other) } : null;
}

function commands({ item, cursor }: Known): readonly KindCommand<Action>[] {
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
    ranges(back, -1, "range_back"),
    ranges(on, 1, "range_on"),
  ];
}

/** How many words are chosen, and the way to say "none"; the words themselves are the prompt. */
function Row(props: RowProps<Answer, Action, Word>) {
  const { t } = useTranslation("questions");
  const { item, answer, focused, act } = props;
  const count = wordsIn(item).filter((word) => isChosen(answer, word)).length;
  const empty = item.assignment.item.tokens.length === 0;
  return (
    <QuestionFrame
      inline
      {...props}
      summary={
        count > 0
          ? t("kinds.words.count", { count })
          : empty
            ? t("kinds.words.no_words")
            : undefined
      }
    >
      {count === 0 && (
        <Button
          {...(focused ? { command: "no_word" } : {})}
          chosen={answer !== null}
          disabled={!item.armed}
          onClick={() => act({ type: "none" })}
        >
          {t("kinds.words.none")}
        </Button>
      )}
    </QuestionFrame>
  );
}

function Cell({ value: count }: CellProps<number>) {
  const { t } = useTranslation("questions");
  return count === 0 ? <Faint>{t("kinds.words.cell.none")}</Faint> : t("kinds.words.count", { count });
}

/** Words of the prompt that the image leaves out or shows wrongly. */
export const words: KindOf<Answer, Action, Word> = {
  kind: "words",
  isDone: ({ answer }) => answer !== null,
  step,
  commands,
  Row,
  hint: (t) => t("kinds.words.hint"),
  missing: (t) => t("kinds.words.missing"),
  words: {
    chosen: ({ tokens }) => tokens,
    press: (index) => ({ type: "word", index }),
    paint: (painted, first) => ({ type: "paint", first, ...painted }),
    at: (cursor) => cursor?.at ?? 0,
  },
  cell: {
    value: ({ tokens }) => tokens.length,
    differs: (counts) => counts.includes(0) && counts.some((count) => count !== 0),
    Cell,
  },
};
