import { useTranslation } from "react-i18next";

import { kindOf } from "@/questions/registry";
import { hereOf } from "@/questions/steps";
import { keepFocus } from "@/ui/desk/Button";
import { Prompt } from "@/ui/desk/Prompt";

import promptStyles from "@/review/ReviewPrompt.module.css";
import type { OwnEvent, OwnItem } from "./own";
import styles from "./OwnDesk.module.css";

/** The prompt; where a question asks for words, each can be pressed. */
export function OwnPrompt({ open, dispatch }: { open: OwnItem; dispatch: (event: OwnEvent) => void }) {
  const { t } = useTranslation("review");
  const { prompt, tokens } = open.assignment.item;
  const question = open.questions.find((one) => kindOf(one).words);
  const words = question && kindOf(question).words;
  const here = question && hereOf(open, question);
  return (
    <div className={promptStyles.prompt}>
      <Prompt
        prompt={prompt}
        tokens={tokens}
        label={t("prompt")}
        none={t("no_prompt")}
        word={
          words &&
          here &&
          ((text, token) => (
            <button
              type="button"
              className={styles.word}
              aria-pressed={here.answer !== null && words.chosen(here.answer).includes(token)}
              data-focused={(here.focused && words.at(here.cursor) === token) || undefined}
              onPointerDown={keepFocus}
              onClick={() => dispatch({ type: "act", question: question.id, action: words.press(token) })}
            >
              {text}
            </button>
          ))
        }
      />
    </div>
  );
}
