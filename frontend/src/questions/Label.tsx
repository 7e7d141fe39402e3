import { Button } from "@/ui/desk/Button";
import { digit, keys } from "@/ui/desk/commands";

import {
  type CellProps,
  type Change,
  type Here,
  type KindCommand,
  type KindOf,
  type Letter,
  notAllEqual,
  optionOf,
  type RowProps,
  withLetter,
} from "./kind";
import { OfImage, Options } from "./Options";
import { QuestionFrame } from "./QuestionFrame";

interface Answer {
  readonly labels: Readonly<Record<Letter, string>>;
}

/** `index`: among the question's options, from 0. */
interface Choose {
  readonly type: "label";
  readonly index: number;
}

type LabelHere = Here<Answer, never>;
type Props = RowProps<Answer, Choose, never>;

const MOST_KEYS = 9;
/** Of two classes each lies under a forefinger. */
const FOREFINGERS = ["KeyF", "KeyJ"];

function step(
  { question, answer, letter }: LabelHere,
  { index }: Choose,
): Change<Answer, never> | null {
  const label = question.options[index]?.id;
  if (letter === null || label === undefined) return null;
  const labels = withLetter(answer?.labels ?? {}, letter, label);
  return { answer: labels && { labels }, completes: true };
}

function commands({ question: { options } }: LabelHere): readonly KindCommand<Choose>[] {
  const forefingers = options.length === FOREFINGERS.length ? FOREFINGERS : [];
  return options.slice(0, MOST_KEYS).map((_, index): KindCommand<Choose> => ({
    name: "flag",
    group: "answer",
    keys: [...keys(...forefingers.slice(index, index + 1)), ...digit(index + 1)],
    event: { type: "label", index },
    value: index + 1,
  }));
}

function Row(props: Props) {
  const { item, question, answer, focused, text, letter } = props;
  const { order } = item.assignment.shown;
  const single = order.length === 1;
  const named = (one: Letter) => {
    const id = answer?.labels[one];
    return id === undefined ? "–" : text.flag(optionOf(question, id));
  };
  const choices = letter !== null && (focused || single) && <Choices {...props} letter={letter} />;
  return (
    <QuestionFrame {...props} {...(single ? {} : { summary: order.map(named).join(" · ") })}>
      {choices && !single ? <OfImage place={order.indexOf(letter)} count={order.length}>{choices}</OfImage> : choices}
    </QuestionFrame>
  );
}

function Choices({ question, item, answer, letter, focused, text, act }: Props & { letter: Letter }) {
  return (
    <Options>
      {question.options.map((option, index) => (
        <Button
          key={option.id}
          {...(focused && index < MOST_KEYS ? { command: "flag", value: index + 1 } : {})}
          chosen={answer?.labels[letter] === option.id}
          disabled={!item.armed}
          onClick={() => act({ type: "label", index }, letter)}
        >
          {text.flag(option)}
        </Button>
      ))}
    </Options>
  );
}

function Cell({ value, question, text }: CellProps<string>) {
  return <>{text.flag(optionOf(question, value))}</>;
}

/** Which of a few classes each image is in. */
export const label: KindOf<Answer, Choose, never> = {
  kind: "label",
  onePress: true,
  letters: (_, item) => item.assignment.shown.order,
  isDone: ({ answer, letter }) => letter !== null && answer?.labels[letter] !== undefined,
  step,
  commands,
  Row,
  cell: {
    byImage: true,
    value: ({ labels }, letter) => labels[letter] ?? null,
    differs: notAllEqual,
    Cell,
  },
};
