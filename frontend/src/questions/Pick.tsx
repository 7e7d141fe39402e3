import { Button } from "@/ui/desk/Button";
import { digit } from "@/ui/desk/commands";

import { LetterBadge } from "./Cell";
import { type KindOf, notAllEqual, type RowProps } from "./kind";
import { Options } from "./Options";
import { QuestionFrame } from "./QuestionFrame";
import { useImageName } from "./useImageName";

interface Answer {
  readonly choice: string;
}

/** `place`: among the images as they are shown, from 0. */
interface PickImage {
  readonly type: "pick";
  readonly place: number;
}

function Row(props: RowProps<Answer, PickImage, never>) {
  const { item, answer, focused, act } = props;
  const { order } = item.assignment.shown;
  const nameOf = useImageName(order.length);
  return (
    <QuestionFrame {...props}>
      <Options>
        {order.map((letter, place) => (
          <Button
            key={letter}
            {...(focused ? { command: "pick", value: place + 1 } : {})}
            chosen={answer?.choice === letter}
            disabled={!item.armed}
            onClick={() => act({ type: "pick", place })}
          >
            {nameOf(place)}
          </Button>
        ))}
      </Options>
    </QuestionFrame>
  );
}

/** One of the images. */
export const pick: KindOf<Answer, PickImage, never> = {
  kind: "pick",
  onePress: true,
  isDone: ({ answer }) => answer !== null,
  step: ({ item }, { place }) => {
    const choice = item.assignment.shown.order[place];
    return choice === undefined ? null : { answer: { choice }, completes: true };
  },
  commands: ({ item }) =>
    item.assignment.shown.order.map((_, place) => ({
      name: "pick",
      group: "answer",
      keys: digit(place + 1),
      event: { type: "pick", place },
      value: place + 1,
    })),
  Row,
  onImage: ({ answers, assignment }, letter, focused) => {
    if (focused?.type !== "pick") return {};
    const place = assignment.shown.order.indexOf(letter);
    const answer = answers[focused.id] as Answer | undefined;
    return {
      outlined: answer?.choice === letter,
      pointer: "pointer",
      tap: ({ secondary }) =>
        secondary ? null : { question: focused.id, action: { type: "pick", place } },
    };
  },
  cell: {
    value: ({ choice }) => choice,
    differs: notAllEqual,
    Cell: ({ value }) => <LetterBadge>{value as string}</LetterBadge>,
  },
  choice: ({ choice }) => choice,
};
