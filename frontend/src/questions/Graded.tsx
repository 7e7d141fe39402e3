import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { digit, keys } from "@/ui/desk/commands";

import { LetterBadge } from "./Cell";
import styles from "./Graded.module.css";
import {
  type CellProps,
  type Change,
  type Here,
  type KindCommand,
  type KindOf,
  type Question,
  type RowProps,
} from "./kind";
import { QuestionFrame } from "./QuestionFrame";

interface Answer {
  /** From 1, "a is much better", to as many steps as there are. */
  readonly grade: number;
}

interface Grade {
  readonly type: "grade";
  /** Where the step is seen, from the left: 1, 2 … */
  readonly place: number;
}

type GradedHere = Here<Answer, never>;
type GradedProps = RowProps<Answer, Grade, never>;

type Side = "left" | "right";
type Strength = "slightly" | "better" | "much";
type StepName = `${Side}_${Strength}` | "level";

/** From the middle outwards. */
const STRENGTHS: Readonly<Record<number, readonly Strength[]>> = {
  2: ["slightly", "much"],
  3: ["slightly", "better", "much"],
};
const FEWEST = 4;
const MOST = 7;

/** Under the fingers of both hands, the strongest outermost. */
const HOME_KEYS: Readonly<Record<Side, readonly string[]>> = {
  left: ["KeyF", "KeyD", "KeyS"],
  right: ["KeyJ", "KeyK", "KeyL"],
};

/** Grades two or more apart differ; one step apart is what careful people do. */
const APART = 2;

function stepsOf({ scale }: Question): number {
  return Math.min(Math.max(scale?.max ?? FEWEST, FEWEST), MOST);
}

/** The steps as they are seen, from left to right. */
function namesOf(question: Question): readonly StepName[] {
  const steps = stepsOf(question);
  const strengths = STRENGTHS[Math.floor(steps / 2)] ?? [];
  const left = strengths.map((one): StepName => `left_${one}`).reverse();
  const right = strengths.map((one): StepName => `right_${one}`);
  return steps % 2 ? [...left, "level", ...right] : [...left, ...right];
}

/** a and b are images, left and right are where they are shown: the same way back and forth. */
function mirrored({ item, question }: GradedHere, step: number): number {
  return item.assignment.shown.order[0] === "a" ? step : stepsOf(question) + 1 - step;
}

function step(here: GradedHere, { place }: Grade): Change<Answer, never> | null {
  if (place < 1 || place > stepsOf(here.question)) return null;
  return { answer: { grade: mirrored(here, place) }, completes: true };
}

function commandsOf(question: Question): readonly KindCommand<Grade>[] {
  const names = namesOf(question);
  return names.map((name, index) => {
    const place = index + 1;
    const fromMiddle = Math.min(place, names.length + 1 - place);
    const home = name === "level" ? "Space" : homeKey(name, Math.floor(names.length / 2) - fromMiddle);
    return {
      name: name === "level" ? "tie" : name,
      group: "answer",
      keys: [...keys(home), ...digit(place)],
      event: { type: "grade", place },
    };
  });
}

/** The inner ones lie under the forefingers. */
function homeKey(name: StepName, outwards: number): string {
  return HOME_KEYS[name.startsWith("left") ? "left" : "right"][outwards] ?? "";
}

function Bar(props: GradedProps) {
  const { t } = useTranslation("questions");
  const { item, focused, question, answer, act, text } = props;
  const chosen = answer && mirrored(props, answer.grade);
  const names = namesOf(question);
  const button = (name: StepName) => {
    const place = names.indexOf(name) + 1;
    return (
      <Button
        key={name}
        {...(focused ? { command: name === "level" ? "tie" : name } : {})}
        cap={name.startsWith("right") ? "after" : "before"}
        chosen={chosen === place}
        disabled={!item.armed}
        onClick={() => act({ type: "grade", place })}
      >
        <span aria-hidden="true">
          {t(`kinds.graded.short.${name === "level" ? "level" : (name.split("_")[1] as Strength)}`)}
        </span>
        <span className="visually-hidden">{t(`kinds.graded.full.${name}`)}</span>
      </Button>
    );
  };
  const side = (of: Side) => (
    <div className={styles.side} role="group" aria-label={`${text.title(question)}: ${t(`kinds.graded.${of}`)}`}>
      <span className={styles.head} aria-hidden="true">
        {t(`kinds.graded.${of}`)}
      </span>
      <div className={styles.steps}>{names.filter((name) => name.startsWith(of)).map(button)}</div>
    </div>
  );
  return (
    <div className={styles.bar}>
      {side("left")}
      {names.includes("level") && <div className={styles.level}>{button("level")}</div>}
      {side("right")}
    </div>
  );
}

function Row(props: GradedProps) {
  return (
    <QuestionFrame {...props}>
      <Bar {...props} />
    </QuestionFrame>
  );
}

function Brief(here: GradedHere) {
  const { t } = useTranslation("questions");
  const name = here.answer && namesOf(here.question)[mirrored(here, here.answer.grade) - 1];
  return name ? t(`kinds.graded.full.${name}`) : "–";
}

/** The better image, and how much better in words. */
function Cell({ value, question }: CellProps<number>) {
  const { t } = useTranslation("questions");
  const name = namesOf(question)[value - 1] ?? "level";
  if (name === "level") return <>{t("kinds.graded.short.level")}</>;
  const [side, strength] = name.split("_") as [Side, Strength];
  return (
    <span className={styles.cell}>
      <LetterBadge>{side === "left" ? "a" : "b"}</LetterBadge> {t(`kinds.graded.short.${strength}`)}
    </span>
  );
}

/** Which of two images is better, and by how much. */
export const graded: KindOf<Answer, Grade, never> = {
  kind: "graded",
  onePress: true,
  isDone: ({ answer }) => answer !== null,
  step,
  commands: ({ question }) => commandsOf(question),
  Row,
  pair: { Bar, Brief },
  cell: {
    value: ({ grade }) => grade,
    differs: (grades) => Math.max(...grades.map(Number)) - Math.min(...grades.map(Number)) >= APART,
    Cell,
  },
};
