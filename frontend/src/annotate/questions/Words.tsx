import { useTranslation } from "react-i18next";

import { tokensOf } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { DeskButton } from "@/annotate/parts/DeskButton";
import { focusedStep } from "@/annotate/state";
import type { Question } from "@/api/types";

import { Row } from "./Row";

/** How many words are chosen, and the way to say "none"; the words themselves are the prompt. */
export function Words({ question }: { question: Question }) {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch } = useItemView();
  const tokens = tokensOf(open.answers, question.id);
  const count = tokens?.length ?? 0;
  const focused = focusedStep(session)?.question.id === question.id;
  const empty = open.assignment.item.tokens.length === 0;
  return (
    <Row
      inline
      question={question}
      said={count > 0 ? t("words.count", { count }) : empty ? t("words.no_words") : undefined}
    >
      {count === 0 && (
        <DeskButton
          {...(focused ? { command: "no_word" } : {})}
          chosen={tokens !== null}
          disabled={!open.armed}
          onClick={() => {
            dispatch({ type: "focus_question", question: question.id });
            dispatch({ type: "none" });
          }}
        >
          {t("words.none")}
        </DeskButton>
      )}
    </Row>
  );
}
