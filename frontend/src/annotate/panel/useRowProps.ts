import { useItemView } from "@/annotate/context";
import type { Question, RowProps } from "@/questions/kind";
import { hereOf, isComplete } from "@/questions/steps";

/** What a kind's own components are given about one of the item's questions. */
export function useRowProps(question: Question): RowProps<unknown, unknown, unknown> {
  const { open, text, dispatch } = useItemView();
  const { id } = question;
  return {
    ...hereOf(open, question),
    text,
    done: isComplete(open, question),
    act: (action, letter) =>
      dispatch({
        type: "act",
        question: id,
        ...(letter === undefined ? {} : { letter }),
        action,
      }),
    focus: () => dispatch({ type: "focus_question", question: id }),
  };
}
