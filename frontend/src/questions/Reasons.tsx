import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { digit, keys } from "@/ui/desk/commands";

import { Faint } from "./Cell";
import {
  type CellOf,
  type CellProps,
  type Change,
  type Here,
  type KindCommand,
  type KindOf,
  optionOf,
  type RowProps,
} from "./kind";
import { Options } from "./Options";
import { QuestionFrame } from "./QuestionFrame";
import styles from "./Reasons.module.css";

/** In the order in which they were chosen; empty: none of them. */
interface Answer {
  readonly reasons: readonly string[];
}

/** `index`: among the question's options, from 0. */
type Action = { readonly type: "reason"; readonly index: number } | { readonly type: "none" };

type ReasonsHere = Here<Answer, never>;
type Props = RowProps<Answer, Action, never>;

/** The server takes no more. */
const MOST = 3;
const MOST_KEYS = 9;

function step({ question, answer }: ReasonsHere, action: Action): Change<Answer, never> | null {
  if (action.type === "none") return { answer: { reasons: [] }, completes: true };
  const chosen = answer?.reasons ?? [];
  const reason = question.options[action.index]?.id;
  if (reason === undefined) return null;
  if (chosen.includes(reason)) {
    const left = chosen.filter((one) => one !== reason);
    return { answer: left.length > 0 ? { reasons: left } : null };
  }
  if (chosen.length === MOST) return null;
  return { answer: { reasons: [...chosen, reason] }, completes: chosen.length + 1 === MOST };
}

function commands({ question: { options } }: ReasonsHere): readonly KindCommand<Action>[] {
  return [
    ...options.slice(0, MOST_KEYS).map(
      (_, index): KindCommand<Action> => ({
        name: "flag",
        group: "answer",
        keys: digit(index + 1),
        event: { type: "reason", index },
        value: index + 1,
      }),
    ),
    { name: "no_flag", group: "answer", keys: keys("KeyE"), event: { type: "none" } },
  ];
}

function Row(props: Props) {
  const { t } = useTranslation("questions");
  const { question, item, answer, focused, text, act } = props;
  const chosen = answer?.reasons ?? [];
  return (
    <QuestionFrame {...props} summary={t("kinds.reasons.chosen", { n: chosen.length, most: MOST })}>
      <Options small>
        {question.options.map((option, index) => {
          const mine = chosen.includes(option.id);
          return (
            <Button
              key={option.id}
              {...(focused && index < MOST_KEYS ? { command: "flag", value: index + 1 } : {})}
              className={styles.chip}
              chosen={mine}
              disabled={!item.armed || (chosen.length === MOST && !mine)}
              onClick={() => act({ type: "reason", index })}
            >
              {text.flag(option)}
            </Button>
          );
        })}
        <Button
          {...(focused ? { command: "no_flag" } : {})}
          className={styles.chip}
          chosen={answer?.reasons.length === 0}
          disabled={!item.armed}
          onClick={() => act({ type: "none" })}
        >
          {t("kinds.flags.none")}
        </Button>
      </Options>
    </QuestionFrame>
  );
}

function Cell({ value, question, text }: CellProps<readonly string[]>) {
  const { t } = useTranslation("questions");
  if (value.length === 0) return <Faint>{t("kinds.flags.cell.none")}</Faint>;
  return <>{value.map((id) => text.flag(optionOf(question, id))).join(", ")}</>;
}

const cell: CellOf<Answer, readonly string[]> = {
  value: ({ reasons: all }) => [...all].sort(),
  // People who share a reason agree.
  differs: (values) => values.some((one) => values.some((other) => !share(one, other))),
  Cell,
};

function share(one: readonly string[], other: readonly string[]): boolean {
  return one.some((reason) => other.includes(reason)) || one.length + other.length === 0;
}

/** Why the item was judged as it was: up to three of a list of reasons. */
export const reasons: KindOf<Answer, Action, never> = {
  kind: "reasons",
  isDone: ({ answer }) => answer !== null,
  step,
  commands,
  Row,
  cell,
};
