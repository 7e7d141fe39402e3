import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { type Drag, PromptWord } from "@/questions/PromptWord";
import { kindOf } from "@/questions/registry";
import { hereOf } from "@/questions/steps";
import { Prompt } from "@/ui/desk/Prompt";

import promptStyles from "@/review/ReviewPrompt.module.css";
import type { OwnEvent, OwnItem } from "./own";

/** The prompt; where a question asks for words, each can be pressed. */
export function OwnPrompt({ open, dispatch }: { open: OwnItem; dispatch: (event: OwnEvent) => void }) {
  const { t } = useTranslation("review");
  const { prompt, tokens } = open.assignment.item;
  const question = open.questions.find((one) => kindOf(one).words);
  const words = question && kindOf(question).words;
  const here = question && hereOf(open, question);
  const dragRef = useRef<Drag>(null);
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
          ((piece, place) => (
            <PromptWord
              {...{ piece, place, here, words, dragRef }}
              act={(action) => dispatch({ type: "act", question: question.id, action })}
            />
          ))
        }
      />
    </div>
  );
}
