/** Marks within an item: where they are, which comes next, and where a crosshair begins. */

import type { Answers, Mark } from "@/api/types";
import { imagePoint, type ImagePoint, ontoImage } from "@/image/geometry";

import * as edit from "./answers";
import type { MarkRef, OpenItem, Session } from "./state";

export function withMarkAt(answers: Answers, mark: MarkRef, to: ImagePoint): Answers {
  const marks = edit.marksOf(answers, mark.question)[mark.letter] ?? [];
  if (!marks[mark.index]) return answers;
  const next = marks.map((old, index) => (index === mark.index ? toMark(to) : old));
  return edit.setMarks(answers, mark.question, mark.letter, next);
}

export function middle(open: OpenItem): OpenItem["crosshair"] {
  const letter = open.assignment.shown.order[0];
  return letter === undefined ? null : { letter, at: imagePoint(0.5, 0.5) };
}

/** All marks in a row, for going round them. */
function allMarks(session: Session, open: OpenItem): readonly MarkRef[] {
  return session.questions
    .filter((question) => question.type === "marks")
    .flatMap(({ id }) =>
      open.assignment.shown.order.flatMap((letter) =>
        (edit.marksOf(open.answers, id)[letter] ?? []).map((_, index) => ({
          question: id,
          letter,
          index,
        })),
      ),
    );
}

/** The mark after the selected one; null after the last, so that Tab can go on to the page. */
export function cycled(session: Session, open: OpenItem, by: 1 | -1): MarkRef | null {
  const marks = allMarks(session, open);
  const now = marks.findIndex(
    (mark) =>
      mark.question === open.selected?.question &&
      mark.letter === open.selected.letter &&
      mark.index === open.selected.index,
  );
  if (now === -1) return marks.at(by === 1 ? 0 : -1) ?? null;
  return marks[now + by] ?? null;
}

/** Whether Tab would still find a mark; past the last one it is the page's again. */
export function hasNextMark(session: Session, by: 1 | -1): boolean {
  return session.open !== null && cycled(session, session.open, by) !== null;
}

export function toMark(point: ImagePoint): Mark {
  const { x, y } = ontoImage(point);
  // Five digits are a hundredth of a pixel of a 1,000-pixel image.
  return { x: Math.round(x * 1e5) / 1e5, y: Math.round(y * 1e5) / 1e5 };
}
