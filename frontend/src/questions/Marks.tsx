import { useTranslation } from "@/i18n/useTranslation";

import { MarkShape } from "@/image/MarkShape";
import { Button, keepFocus } from "@/ui/desk/Button";
import { keys } from "@/ui/desk/commands";
import { KeyCap } from "@/ui/desk/KeyCap";

import { Faint } from "./Cell";
import {
  type AskedItem,
  type CellProps,
  type KindCommand,
  type KindOf,
  lettersOf,
  type Question,
  type RowProps,
  type Shortcut,
} from "./kind";
import styles from "./Marks.module.css";
import {
  confirm,
  cursorOf,
  cycled,
  isSame,
  letGo,
  type MarksAction,
  type MarksAnswer,
  type MarksCursor,
  type MarksHere,
  marksOf,
  marksQuestions,
  step,
} from "./marks";
import { lookOf, onImage } from "./marksOnImage";
import { QuestionFrame } from "./QuestionFrame";
import { useImageName } from "./useImageName";

/** As many as there are looks of marks. */
const FLAW_KEYS = ["KeyQ", "KeyW", "KeyR", "KeyT", "KeyY", "KeyU"];

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
  return (
    <QuestionFrame
      inline
      {...props}
      sign={
        <span className={styles.sign}>
          <KeyCap command="flaw" value={place} />
          <Swatch item={item} question={question} />
        </span>
      }
      summary={count > 0 ? t("kinds.marks.count", { count }) : undefined}
    >
      {cursorOf(item).selected?.question === question.id && (
        <Button
          look="quiet"
          {...(focused ? { command: "remove_mark" } : {})}
          title={t("kinds.marks.remove")}
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
          onClick={() => act({ type: "none" })}
        >
          {t("kinds.marks.no_flaw")}
          <span className="visually-hidden">: {text.title(question)}</span>
        </Button>
      )}
      {count > 0 && <MarkList {...props} />}
    </QuestionFrame>
  );
}

/** The shape and the colour of the question's marks. */
function Swatch({ item, question }: { item: AskedItem; question: Question }) {
  const look = lookOf(item.questions, question.id);
  return (
    <svg className={`${styles.swatch} ${styles[look]}`} viewBox="-10 -10 20 20" aria-hidden="true">
      <MarkShape look={look} x={0} y={0} />
    </svg>
  );
}

/** The marks one by one: a press chooses one and brings it into sight. */
function MarkList({ question, item, act }: RowProps<MarksAnswer, MarksAction, MarksCursor>) {
  const { t } = useTranslation("questions");
  const { order } = item.assignment.shown;
  const nameOf = useImageName(order.length);
  const { selected } = cursorOf(item);
  const marks = order.flatMap((letter, place) =>
    (marksOf(item, question.id)[letter] ?? []).map(({ x, y }, index) => ({
      ref: { question: question.id, letter, index },
      text: { image: nameOf(place), x: Math.round(x * 100), y: Math.round(y * 100) },
    })),
  );
  return (
    <ol className={styles.list} aria-label={t("kinds.marks.list")}>
      {marks.map(({ ref, text }, index) => {
        const values = { ...text, number: index + 1 };
        const label =
          order.length > 1 ? t("kinds.marks.jump_on", values) : t("kinds.marks.jump", values);
        return (
          <li key={`${ref.letter}-${ref.index}`}>
            <button
              type="button"
              className={styles.jump}
              title={label}
              aria-label={label}
              aria-pressed={selected !== null && isSame(selected, ref)}
              onPointerDown={keepFocus}
              onClick={() => act({ type: "select", mark: ref })}
            >
              {index + 1}
            </button>
          </li>
        );
      })}
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
  chosenPlace: (item) => cursorOf(item).selected,
  cell: {
    byImage: true,
    value: ({ marks: all }, letter) => all[letter]?.length ?? null,
    differs: (counts) => counts.includes(0) && counts.some((count) => count !== 0),
    Cell,
  },
  points: ({ marks: all }, letter) => all[letter] ?? [],
};
