import { useTranslation } from "react-i18next";

import { Button } from "@/ui/desk/Button";
import { keys } from "@/ui/desk/commands";
import { KeyCap } from "@/ui/desk/KeyCap";

import { Faint } from "./Cell";
import {
  type CellProps,
  type KindCommand,
  type KindOf,
  lettersOf,
  type RowProps,
  type Shortcut,
} from "./kind";
import styles from "./Marks.module.css";
import {
  confirm,
  cursorOf,
  cycled,
  letGo,
  type MarksAction,
  type MarksAnswer,
  type MarksCursor,
  type MarksHere,
  marksQuestions,
  step,
} from "./marks";
import { lookOf, onImage } from "./marksOnImage";
import { QuestionFrame } from "./QuestionFrame";

const FLAW_KEYS = ["KeyQ", "KeyW"];

const COMMANDS: readonly KindCommand<MarksAction>[] = [
  { name: "no_flaw", group: "answer", keys: keys("KeyE"), event: { type: "none" } },
  { name: "remove_mark", group: "place", keys: keys("Delete", "KeyD"), event: { type: "remove" } },
  { name: "crosshair", group: "place", keys: keys("KeyC"), event: { type: "crosshair" } },
  arrow("left", "ArrowLeft", -1, 0),
  arrow("right", "ArrowRight", 1, 0),
  arrow("up", "ArrowUp", 0, -1),
  arrow("down", "ArrowDown", 0, 1),
  arrow("far_left", "ArrowLeft", -1, 0, true),
  arrow("far_right", "ArrowRight", 1, 0, true),
  arrow("far_up", "ArrowUp", 0, -1, true),
  arrow("far_down", "ArrowDown", 0, 1, true),
];

function arrow(
  name: KindCommand<MarksAction>["name"],
  code: string,
  dx: number,
  dy: number,
  far = false,
): KindCommand<MarksAction> {
  return {
    name,
    group: "place",
    keys: [{ code, shift: far }],
    event: { type: "arrow", dx, dy, far },
    repeats: true,
  };
}

/** Tab goes round the marks while there is a further one; past the last it is the page's again. */
function cycling({ item }: MarksHere): KindCommand<MarksAction>[] {
  return ([1, -1] as const)
    .filter((by) => cycled(item, by) !== null)
    .map((by) => ({
      name: by === 1 ? "next_mark" : "previous_mark",
      group: "place",
      keys: [{ code: "Tab", shift: by === -1 }],
      event: { type: "cycle", by },
    }));
}

function Row(props: RowProps<MarksAnswer, MarksAction, MarksCursor>) {
  const { t } = useTranslation("questions");
  const { question, item, answer, focused, text, act } = props;
  const count = Object.values(answer?.marks ?? {}).flat().length;
  const place = marksQuestions(item.questions).indexOf(question);
  const look = styles[lookOf(item.questions, question.id)];
  return (
    <QuestionFrame
      inline
      {...props}
      sign={
        <span className={styles.sign}>
          <KeyCap command="flaw" value={place} />
          <span className={`${styles.swatch} ${look}`} />
        </span>
      }
      summary={count > 0 ? t("kinds.marks.count", { count }) : undefined}
    >
      {cursorOf(item).selected?.question === question.id && (
        <Button
          look="quiet"
          {...(focused ? { command: "remove_mark" } : {})}
          aria-label={t("kinds.marks.remove")}
          onClick={() => act({ type: "remove" })}
        >
          {t("kinds.marks.remove_short")}
        </Button>
      )}
      {count === 0 && (
        <Button
          {...(focused ? { command: "no_flaw" } : {})}
          chosen={answer !== null}
          disabled={!item.armed}
          aria-label={`${t("kinds.marks.no_flaw")}: ${text.title(question)}`}
          onClick={() => act({ type: "none" })}
        >
          {t("kinds.marks.no_flaw")}
        </Button>
      )}
      <InWords answer={answer} />
    </QuestionFrame>
  );
}

/** The marks as text, for people who don't see them. */
function InWords({ answer }: { answer: MarksAnswer | null }) {
  const { t } = useTranslation("questions");
  const marks = Object.values(answer?.marks ?? {}).flat();
  if (marks.length === 0) return null;
  return (
    <ol className="visually-hidden" aria-label={t("kinds.marks.list")} aria-live="polite">
      {marks.map(({ x, y }, index) => (
        <li key={index}>{t("kinds.marks.at", { x: Math.round(x * 100), y: Math.round(y * 100) })}</li>
      ))}
    </ol>
  );
}

function Cell({ value: count }: CellProps<number>) {
  const { t } = useTranslation("questions");
  return count === 0 ? (
    <Faint>{t("kinds.marks.cell.none")}</Faint>
  ) : (
    t("kinds.marks.count", { count })
  );
}

/** Points where an image is flawed, each for one kind of flaw. */
export const marks: KindOf<MarksAnswer, MarksAction, MarksCursor> = {
  kind: "marks",
  isDone: ({ item, answer }) =>
    lettersOf(item).every((letter) => answer?.marks[letter] !== undefined),
  step,
  confirm,
  letGo,
  commands: (here) => [...COMMANDS, ...cycling(here)],
  shortcuts: ({ questions }) =>
    marksQuestions(questions)
      .slice(0, FLAW_KEYS.length)
      .map(
        ({ id }, value): Shortcut => ({
          command: { name: "flaw", group: "place", keys: keys(FLAW_KEYS[value] ?? ""), value },
          question: id,
        }),
      ),
  Row,
  hint: (t) => t("kinds.marks.hint"),
  missing: (t, question) => t("kinds.marks.missing", { question }),
  onImage,
  cell: {
    byImage: true,
    value: ({ marks: all }, letter) => all[letter]?.length ?? null,
    differs: (counts) => counts.includes(0) && counts.some((count) => count !== 0),
    Cell,
  },
  points: ({ marks: all }, letter) => all[letter] ?? [],
};
