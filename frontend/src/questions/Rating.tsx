import { useTranslation } from "react-i18next";

import { Button } from "@/ui/desk/Button";
import { digit } from "@/ui/desk/commands";

import {
  type AskedItem,
  type CellProps,
  type KindOf,
  type Letter,
  type Question,
  type RowProps,
  withLetter,
} from "./kind";
import { OfImage } from "./Options";
import { QuestionFrame } from "./QuestionFrame";
import styles from "./Rating.module.css";

interface Answer {
  readonly ratings: Readonly<Record<Letter, number>>;
}

interface Rate {
  readonly type: "rate";
  readonly value: number;
}

type Props = RowProps<Answer, Rate, never>;

/** Ratings two or more apart differ; one step apart is what careful people do. */
const APART = 2;

function scaleOf(question: Question): { min: number; max: number } {
  return question.scale ?? { min: 1, max: 5 };
}

function valuesOf(question: Question): number[] {
  const { min, max } = scaleOf(question);
  return Array.from({ length: max - min + 1 }, (_, offset) => min + offset);
}

/** A row of numbers for the item's one image, or for each of several. */
function Row(props: Props) {
  const { item, answer, focused, letter } = props;
  const { order } = item.assignment.shown;
  if (order.length === 1) {
    return (
      <QuestionFrame inline {...props}>
        <Scale {...props} letter={order[0] ?? ""} />
      </QuestionFrame>
    );
  }
  // Of several images, the scale of the one in focus; the others are in the heading.
  return (
    <QuestionFrame
      {...props}
      summary={order.map((one) => answer?.ratings[one] ?? "–").join(" · ")}
    >
      {focused && letter !== null && (
        <OfImage place={order.indexOf(letter)}>
          <Scale {...props} letter={letter} />
        </OfImage>
      )}
    </QuestionFrame>
  );
}

function Scale({ item, question, answer, letter, text, act }: Props & { letter: Letter }) {
  const { t } = useTranslation("questions");
  const title = text.title(question);
  const rated = answer?.ratings[letter];
  const alone = item.assignment.shown.order.length === 1;
  const classes = [styles.scale, alone && styles.alone];
  return (
    <div className={classes.filter(Boolean).join(" ")} role="group" aria-label={title}>
      {valuesOf(question).map((value) => (
        <Button
          key={value}
          chosen={rated === value}
          disabled={!item.armed}
          aria-label={t("kinds.rating.of", { question: title, value })}
          onClick={() => act({ type: "rate", value }, letter)}
        >
          {value}
        </Button>
      ))}
    </div>
  );
}

/** On the image: what it is rated, question by question. */
function Badge({ item, letter }: { item: AskedItem; letter: Letter }) {
  const ratings = item.questions
    .filter(({ type }) => type === "rating")
    .map(({ id }) => (item.answers[id] as Answer | undefined)?.ratings[letter] ?? null);
  if (ratings.every((one) => one === null)) return null;
  return <span className={styles.badge}>{ratings.map((one) => one ?? "–").join(" · ")}</span>;
}

function areApart(ratings: readonly unknown[]): boolean {
  const numbers = ratings.map(Number);
  return Math.max(...numbers) - Math.min(...numbers) >= APART;
}

function Cell({ value, question }: CellProps<number>) {
  const { min, max } = scaleOf(question);
  return (
    <span className={styles.cell}>
      <b>{value}</b>
      <span className={styles.track} aria-hidden="true">
        <i style={{ width: `${(100 * (value - min)) / (max - min)}%` }} />
      </span>
    </span>
  );
}

/** A number for each image, higher is better. */
export const rating: KindOf<Answer, Rate, never> = {
  kind: "rating",
  onePress: true,
  letters: (_question, item) => item.assignment.shown.order,
  isDone: ({ answer, letter }) => letter !== null && answer?.ratings[letter] !== undefined,
  step: ({ question, answer, letter }, { value }) => {
    const { min, max } = scaleOf(question);
    if (letter === null || value < min || value > max) return null;
    const ratings = withLetter(answer?.ratings ?? {}, letter, value);
    return { answer: ratings && { ratings }, completes: true };
  },
  commands: ({ question }) =>
    valuesOf(question).map((value) => ({
      name: "rate",
      group: "answer",
      keys: value >= 0 && value <= 9 ? digit(value) : [],
      event: { type: "rate", value },
      value,
    })),
  Row,
  Badge,
  cell: {
    byImage: true,
    value: ({ ratings }, letter) => ratings[letter] ?? null,
    differs: areApart,
    Cell,
  },
};
