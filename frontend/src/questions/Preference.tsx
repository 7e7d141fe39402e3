import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { keys } from "@/ui/desk/commands";

import { Faint, LetterBadge } from "./Cell";
import {
  type CellProps,
  type Change,
  type Here,
  type KindCommand,
  type KindOf,
  notAllEqual,
  type RowProps,
} from "./kind";
import styles from "./Preference.module.css";
import { QuestionFrame } from "./QuestionFrame";

interface Answer {
  readonly choice: string;
}

const CHOICES = ["left", "tie", "both_bad", "unsure", "right"] as const;
type ShownChoice = (typeof CHOICES)[number];

interface Prefer {
  readonly type: "prefer";
  readonly choice: ShownChoice;
}

type PairHere = Here<Answer, never>;
type PairProps = RowProps<Answer, Prefer, never>;

const COMMANDS: readonly KindCommand<Prefer>[] = [
  command("choose_left", "left", "KeyF", "ArrowLeft", "Digit1", "Numpad1"),
  command("tie", "tie", "Space"),
  command("choose_right", "right", "KeyJ", "ArrowRight", "Digit2", "Numpad2"),
  command("both_bad", "both_bad", "KeyB"),
  command("unsure", "unsure", "KeyN"),
];

const COMMAND_OF = {
  left: "choose_left",
  right: "choose_right",
  tie: "tie",
  both_bad: "both_bad",
  unsure: "unsure",
} as const;

function command(
  name: KindCommand<Prefer>["name"],
  choice: ShownChoice,
  ...codes: string[]
): KindCommand<Prefer> {
  return { name, group: "answer", keys: keys(...codes), event: { type: "prefer", choice } };
}

/** a and b are images; left and right are where they are shown. */
function step({ item }: PairHere, { choice }: Prefer): Change<Answer, never> | null {
  const [left, right] = item.assignment.shown.order;
  const chosen = { left, right, tie: "tie", both_bad: "both_bad", unsure: "unsure" }[choice];
  return chosen === undefined ? null : { answer: { choice: chosen }, completes: true };
}

function shownChoice({ answer, item }: PairHere): ShownChoice | null {
  const [left, right] = item.assignment.shown.order;
  if (!answer) return null;
  if (answer.choice === left) return "left";
  if (answer.choice === right) return "right";
  return CHOICES.find((one) => one === answer.choice) ?? null;
}

/** The answer to one preference question, as five buttons. */
function Bar(props: PairProps) {
  const { t } = useTranslation("questions");
  const { item, focused, act } = props;
  const chosen = shownChoice(props);
  return (
    <div className={styles.bar}>
      {CHOICES.map((choice) => (
        <Button
          key={choice}
          {...(focused ? { command: COMMAND_OF[choice] } : {})}
          cap={choice === "right" ? "after" : "before"}
          chosen={chosen === choice}
          disabled={!item.armed}
          onClick={() => act({ type: "prefer", choice })}
        >
          {t(`kinds.preference.${choice}`)}
        </Button>
      ))}
    </div>
  );
}

function Row(props: PairProps) {
  return (
    <QuestionFrame {...props}>
      <Bar {...props} />
    </QuestionFrame>
  );
}

function Brief(here: PairHere) {
  const { t } = useTranslation("questions");
  const choice = shownChoice(here);
  return choice === null ? "–" : t(`kinds.preference.${choice}`);
}

function Cell({ value }: CellProps<string>) {
  const { t } = useTranslation("questions");
  if (value === "tie" || value === "both_bad" || value === "unsure") {
    return <Faint>{t(`kinds.preference.cell.${value}`)}</Faint>;
  }
  return <LetterBadge>{value}</LetterBadge>;
}

/** Which of two images is better, if one is. */
export const preference: KindOf<Answer, Prefer, never> = {
  kind: "preference",
  onePress: true,
  isDone: ({ answer }) => answer !== null,
  step,
  commands: () => COMMANDS,
  Row,
  pair: { Bar, Brief },
  cell: { value: ({ choice }) => choice, differs: notAllEqual, Cell },
  choice: ({ choice }) => choice,
};
