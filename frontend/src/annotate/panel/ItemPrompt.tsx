import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useItemView } from "@/annotate/context";
import { isEdit } from "@/questions/beside";
import { type Drag, PromptWord } from "@/questions/PromptWord";
import { kindOf } from "@/questions/registry";
import { hereOf } from "@/questions/steps";
import { Prompt } from "@/ui/desk/Prompt";

/** What the image was made from. Where a question asks for words, each can be clicked. */
export function ItemPrompt({ banner }: { banner?: boolean }) {
  const { t } = useTranslation("annotate");
  const { open, dispatch } = useItemView();
  const { item } = open.assignment;
  const { prompt, tokens } = item;
  const dragRef = useRef<Drag>(null);
  const question = open.questions.find((one) => kindOf(one).words);
  const words = question && kindOf(question).words;
  const here = question && hereOf(open, question);
  return (
    <Prompt
      prompt={prompt}
      tokens={tokens}
      label={t(isEdit(item) ? "instruction" : "prompt")}
      none={t("no_prompt")}
      banner={banner ?? false}
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
  );
}
