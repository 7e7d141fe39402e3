import { useTranslation } from "react-i18next";

import { tokensOf } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { focusedStep } from "@/annotate/state";
import { type Piece, piecesOf } from "@/annotate/words";

import styles from "./parts.module.css";

/** What the image was made from. Where a question asks for words, each can be clicked. */
export function Prompt() {
  const { t } = useTranslation("annotate");
  const { session, open } = useItemView();
  const { prompt, tokens } = open.assignment.item;
  const question = session.questions.find(({ type }) => type === "words");
  if (prompt === "") return <p className={styles.noPrompt}>{t("no_prompt")}</p>;
  return (
    <div className={styles.prompt} role="group" aria-label={t("prompt")} dir="auto">
      {question
        ? piecesOf(prompt, tokens).map((piece, index) => (
            <PromptPiece key={index} piece={piece} question={question.id} />
          ))
        : prompt}
    </div>
  );
}

function PromptPiece({ piece, question }: { piece: Piece; question: string }) {
  const { session, open, dispatch } = useItemView();
  const { token, text } = piece;
  if (token === null) return <span className={styles.between}>{text}</span>;
  const chosen = tokensOf(open.answers, question)?.includes(token) ?? false;
  const focused = focusedStep(session)?.question.id === question && open.word === token;
  const classes = [styles.word, chosen && styles.wordChosen, focused && styles.wordFocused];
  return (
    <button
      type="button"
      className={classes.filter(Boolean).join(" ")}
      aria-pressed={chosen}
      disabled={!open.armed}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => dispatch({ type: "word", index: token })}
    >
      {text}
    </button>
  );
}
