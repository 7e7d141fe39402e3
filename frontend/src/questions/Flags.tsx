import { Fragment, type ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { digit, keys } from "@/ui/desk/commands";

import { Faint } from "./Cell";
import styles from "./Flags.module.css";
import {
  type AskedItem,
  type CellProps,
  type Change,
  type Here,
  type KindCommand,
  type KindOf,
  type Letter,
  notAllEqual,
  optionOf,
  type Question,
  type RowProps,
  withLetter,
} from "./kind";
import { pathOf, under } from "./optionTree";
import { Hint, OfImage, Options } from "./Options";
import { QuestionFrame } from "./QuestionFrame";

interface Answer {
  readonly flags: Readonly<Record<Letter, readonly string[]>>;
}

type Action =
  | { readonly type: "flag"; readonly index: number }
  | { readonly type: "none" }
  /** None for this image and for all others that have no answer yet. */
  | { readonly type: "none_for_rest" };
type Props = RowProps<Answer, Action, never>;

/** Each image in turn, or the one that was picked. */
function letters(question: Question, item: AskedItem): readonly (Letter | null)[] {
  if (!question.about) return item.assignment.shown.order;
  const picked = item.answers[question.about] as { choice: Letter } | undefined;
  return [picked?.choice ?? null];
}

function isSingle({ options }: Question): boolean {
  return options.length === 1;
}

function hasRest(question: Question, { assignment }: AskedItem): boolean {
  return !question.about && assignment.shown.order.length > 1;
}

function step(
  { question, item, answer, letter }: Here<Answer, never>,
  action: Action,
): Change<Answer, never> | null {
  if (letter === null) return null;
  const before = answer?.flags ?? {};
  if (action.type === "none") {
    return { answer: { flags: { ...before, [letter]: [] } }, completes: true };
  }
  if (action.type === "none_for_rest") {
    const { order } = item.assignment.shown;
    const none = Object.fromEntries(order.map((one): [Letter, readonly string[]] => [one, []]));
    return { answer: { flags: { ...none, ...before } }, completes: true };
  }
  const flag = question.options[action.index]?.id;
  if (flag === undefined) return null;
  // Yes or no: one press says it.
  if (isSingle(question)) {
    return { answer: { flags: { ...before, [letter]: [flag] } }, completes: true };
  }
  const mine = before[letter] ?? [];
  const next = mine.includes(flag) ? mine.filter((other) => other !== flag) : [...mine, flag];
  const flags = withLetter(before, letter, next.length > 0 ? next : null);
  return { answer: flags && { flags } };
}

const NONE_FOR_REST: KindCommand<Action> = {
  name: "no_flag_for_rest",
  group: "answer",
  keys: keys("KeyR"),
  event: { type: "none_for_rest" },
};

function commands({ question, item }: Here<Answer, never>): readonly KindCommand<Action>[] {
  return [
    ...question.options.slice(0, 9).map(
      (_, index): KindCommand<Action> => ({
        name: "flag",
        group: "answer",
        keys: digit(index + 1),
        event: { type: "flag", index },
        value: index + 1,
      }),
    ),
    { name: "no_flag", group: "answer", keys: keys("KeyE"), event: { type: "none" } },
    ...(hasRest(question, item) ? [NONE_FOR_REST] : []),
  ];
}

function Row(props: Props) {
  const { t } = useTranslation("questions");
  const { question, item, answer, focused } = props;
  const { order } = item.assignment.shown;
  const letter = focused || question.about ? props.letter : null;
  const summary = question.about
    ? {}
    : { summary: order.map((one) => answer?.flags[one]?.length ?? "–").join(" · ") };
  return (
    <QuestionFrame {...props} {...summary}>
      {question.about && letter === null && (
        <div className={styles.first}>
          <Hint>{t("kinds.flags.pick_first")}</Hint>
        </div>
      )}
      {letter !== null && (
        <OfImage place={order.indexOf(letter)} count={order.length}>
          <Choices {...props} letter={letter} />
        </OfImage>
      )}
    </QuestionFrame>
  );
}

function Choices({ question, item, answer, letter, focused, text, act }: Props & { letter: Letter }) {
  const { t } = useTranslation("questions");
  const flags = answer?.flags[letter];
  const single = isSingle(question);
  return (
    <Options small>
      <Tree options={question.options} parent="">
        {(option) => {
          const index = question.options.indexOf(option);
          return (
            <Button
              {...(focused ? { command: "flag", value: index + 1 } : {})}
              className={isImplied(question, flags, option.id) ? styles.implied : undefined}
              chosen={flags?.includes(option.id) ?? false}
              disabled={!item.armed}
              onClick={() => act({ type: "flag", index }, letter)}
            >
              {single ? t("kinds.flags.yes") : text.flag(option)}
            </Button>
          );
        }}
      </Tree>
      <Button
        {...(focused ? { command: "no_flag" } : {})}
        chosen={flags?.length === 0}
        disabled={!item.armed}
        onClick={() => act({ type: "none" }, letter)}
      >
        {single ? t("kinds.flags.no") : t("kinds.flags.none")}
      </Button>
      {focused && hasRest(question, item) && (
        <Button
          command="no_flag_for_rest"
          look="quiet"
          disabled={!item.armed}
          onClick={() => act({ type: "none_for_rest" })}
        >
          {t("kinds.flags.none_for_rest")}
        </Button>
      )}
    </Options>
  );
}

type Option = Question["options"][number];

/** The options; what lies under one stands right below it, further in. */
function Tree({ options, parent, children }: { options: readonly Option[]; parent: string; children: (option: Option) => ReactNode }) {
  return under(options, parent).map((option) =>
    under(options, option.id).length === 0 ? (
      <Fragment key={option.id}>{children(option)}</Fragment>
    ) : (
      <div key={option.id} className={styles.group}>
        {children(option)}
        <div className={styles.under}>
          <Tree options={options} parent={option.id}>
            {children}
          </Tree>
        </div>
      </div>
    ),
  );
}

/** What lies under it is chosen, which says it too. */
function isImplied({ options }: Question, flags: readonly string[] | undefined, id: string): boolean {
  return flags?.some((flag) => flag !== id && pathOf(options, flag).some((one) => one.id === id)) ?? false;
}

function Cell({ value, question, text }: CellProps<readonly string[]>) {
  const { t } = useTranslation("questions");
  // A single flag is a yes-or-no question, whose title already says what was asked.
  if (isSingle(question)) {
    return value.length === 0 ? <Faint>{t("kinds.flags.cell.no")}</Faint> : t("kinds.flags.cell.yes");
  }
  if (value.length === 0) return <Faint>{t("kinds.flags.cell.none")}</Faint>;
  const titles = value.map((id) => text.flag(optionOf(question, id)));
  return <span className={styles.cell}>{titles.join(", ")}</span>;
}

/** What is the matter with an image. */
export const flags: KindOf<Answer, Action, never> = {
  kind: "flags",
  onePress: true,
  letters,
  isDone: ({ answer, letter }) => letter !== null && answer?.flags[letter] !== undefined,
  step,
  commands,
  Row,
  cell: {
    byImage: true,
    // The order of flags says nothing.
    value: ({ flags: all }, letter) => (all[letter] ? [...all[letter]].sort() : null),
    differs: notAllEqual,
    Cell,
  },
};
