import { useTranslation } from "react-i18next";

import { Button } from "@/ui/desk/Button";
import { keys } from "@/ui/desk/commands";

import { Faint } from "./Cell";
import type { CellProps, Change, Here, KindCommand, KindOf, RowProps } from "./kind";
import { QuestionFrame } from "./QuestionFrame";

/** Places of words in the prompt. */
interface Answer {
  readonly tokens: readonly number[];
}

type Action =
  | { readonly type: "word"; readonly index: number }
  | { readonly type: "move"; readonly by: 1 | -1 }
  | { readonly type: "none" };

/** The word that the keys are about. */
type Word = number;

function toggled(tokens: readonly number[], token: number): number[] {
  return tokens.includes(token)
    ? tokens.filter((other) => other !== token)
    : [...tokens, token].sort((one, other) => one - other);
}

function step({ item, answer, cursor }: Here<Answer, Word>, action: Action): Change<Answer, Word> | null {
  const count = item.assignment.item.tokens.length;
  switch (action.type) {
    case "none":
      return { answer: { tokens: [] }, completes: true };
    case "move":
      return { cursor: count === 0 ? 0 : ((cursor ?? 0) + action.by + count) % count };
    case "word": {
      if (action.index >= count) return null;
      const tokens = toggled(answer?.tokens ?? [], action.index);
      return { answer: tokens.length > 0 ? { tokens } : null, cursor: action.index };
    }
  }
}

function commands({ cursor }: Here<Answer, Word>): readonly KindCommand<Action>[] {
  return [
    { name: "no_word", group: "answer", keys: keys("KeyE"), event: { type: "none" } },
    {
      name: "previous_word",
      group: "move",
      keys: keys("ArrowLeft"),
      event: { type: "move", by: -1 },
      repeats: true,
    },
    {
      name: "next_word",
      group: "move",
      keys: keys("ArrowRight"),
      event: { type: "move", by: 1 },
      repeats: true,
    },
    {
      name: "toggle_word",
      group: "answer",
      keys: keys("Space"),
      event: { type: "word", index: cursor ?? 0 },
    },
  ];
}

/** How many words are chosen, and the way to say "none"; the words themselves are the prompt. */
function Row(props: RowProps<Answer, Action, Word>) {
  const { t } = useTranslation("questions");
  const { item, answer, focused, act } = props;
  const count = answer?.tokens.length ?? 0;
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
    at: (cursor) => cursor ?? 0,
  },
  cell: {
    value: ({ tokens }) => tokens.length,
    differs: (counts) => counts.includes(0) && counts.some((count) => count !== 0),
    Cell,
  },
};
