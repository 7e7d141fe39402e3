import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { digit } from "@/ui/desk/commands";

import styles from "./BestWorst.module.css";
import { LetterBadge } from "./Cell";
import {
  type AskedItem,
  type CellProps,
  type Change,
  type Here,
  type KindOf,
  type Letter,
  notAllEqual,
  type RowProps,
} from "./kind";
import { Hint, Options } from "./Options";
import { QuestionFrame } from "./QuestionFrame";
import { useImageName } from "./useImageName";

interface Answer {
  readonly best: Letter;
  /** Not there yet: the best alone is chosen. */
  readonly worst?: Letter;
}

type End = "best" | "worst";

interface Choose {
  readonly type: "choose";
  /** Among the images as they are shown, from 0. */
  readonly place: number;
}

type EndsHere = Here<Answer, never>;

/** What the next press chooses. */
function nextEnd({ answer }: Pick<EndsHere, "answer">): End {
  return answer && answer.worst === undefined ? "worst" : "best";
}

/** Chosen in full, it begins anew: the next press is the best. */
function step(here: EndsHere, { place }: Choose): Change<Answer, never> | null {
  const letter = here.item.assignment.shown.order[place];
  const { answer } = here;
  if (letter === undefined) return null;
  if (!answer || nextEnd(here) === "best") return { answer: { best: letter } };
  // Pressed again it is the best no more.
  if (answer.best === letter) return { answer: null };
  return { answer: { best: answer.best, worst: letter }, completes: true };
}

function Row(props: RowProps<Answer, Choose, never>) {
  const { t } = useTranslation("questions");
  const { item, answer, focused, act } = props;
  const { order } = item.assignment.shown;
  const nameOf = useImageName(order.length);
  const end = nextEnd(props);
  const placeOf = (letter: Letter | undefined) =>
    letter === undefined ? "–" : nameOf(order.indexOf(letter));
  const summary = answer
    ? t("kinds.best_worst.summary", { best: placeOf(answer.best), worst: placeOf(answer.worst) })
    : undefined;
  return (
    <QuestionFrame {...props} {...(summary === undefined ? {} : { summary })}>
      {focused && <Hint>{t(`kinds.best_worst.hint.${end}`)}</Hint>}
      <Options>
        {order.map((letter, place) => {
          const is = endOf(answer, letter);
          const name = nameOf(place);
          return (
            <Button
              key={letter}
              {...(focused ? { command: end, value: place + 1 } : {})}
              chosen={is !== null}
              disabled={!item.armed}
              className={is === "worst" ? (styles.worst ?? "") : ""}
              onClick={() => act({ type: "choose", place })}
            >
              {is === null ? name : `${name}: ${t(`kinds.best_worst.${is}`)}`}
            </Button>
          );
        })}
      </Options>
    </QuestionFrame>
  );
}

function endOf(answer: Answer | null | undefined, letter: Letter): End | null {
  if (answer?.best === letter) return "best";
  return answer?.worst === letter ? "worst" : null;
}

/** On the image: that it is the best or the worst, by the first question that asks so. */
function Badge({ item, letter }: { item: AskedItem; letter: Letter }) {
  const { t } = useTranslation("questions");
  const question = item.questions.find(({ type }) => type === "best_worst");
  const end = endOf(question && (item.answers[question.id] as Answer | undefined), letter);
  return end && <span className={styles[end]}>{t(`kinds.best_worst.${end}`)}</span>;
}

function Cell({ value }: CellProps<Answer>) {
  const { t } = useTranslation("questions");
  return (
    <span className={styles.cell}>
      {t("kinds.best_worst.best")} <LetterBadge>{value.best}</LetterBadge>{" "}
      {t("kinds.best_worst.worst")} <LetterBadge>{value.worst}</LetterBadge>
    </span>
  );
}

/** The best and the worst of several images, in two presses. */
export const bestWorst: KindOf<Answer, Choose, never> = {
  kind: "best_worst",
  onePress: true,
  isDone: ({ answer }) => answer?.worst !== undefined,
  step,
  commands: (here) =>
    here.item.assignment.shown.order.map((_, place) => ({
      name: nextEnd(here),
      group: "answer",
      keys: digit(place + 1),
      event: { type: "choose", place },
      value: place + 1,
    })),
  Row,
  missing: (t, title) => t("kinds.best_worst.missing", { question: title }),
  onImage: ({ answers, assignment }, letter, focused) => {
    if (focused?.type !== "best_worst") return {};
    const place = assignment.shown.order.indexOf(letter);
    const answer = answers[focused.id] as Answer | undefined;
    return {
      outlined: answer?.best === letter,
      pointer: "pointer",
      tap: ({ secondary }) =>
        secondary ? null : { question: focused.id, action: { type: "choose", place } },
    };
  },
  Badge,
  cell: {
    value: (answer) => answer,
    differs: notAllEqual,
    Cell,
  },
  choice: ({ best }) => best,
};
