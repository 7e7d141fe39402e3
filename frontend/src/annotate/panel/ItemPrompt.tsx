import { type RefObject, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useItemView } from "@/annotate/context";
import { isEdit } from "@/questions/beside";
import type { Question, WordsOf } from "@/questions/kind";
import { type Drag, hasAny, PromptWord } from "@/questions/PromptWord";
import { kindOf } from "@/questions/registry";
import { Prompt } from "@/ui/desk/Prompt";
import type { Piece } from "@/ui/desk/words";

import styles from "./ItemPrompt.module.css";
import { useRowProps } from "./useRowProps";

/** What the image was made from. Where a question asks for words, each can be clicked. */
export function ItemPrompt({ banner }: { banner?: boolean }) {
  const { t } = useTranslation("annotate");
  const { open } = useItemView();
  const { item } = open.assignment;
  const { prompt, tokens } = item;
  const dragRef = useRef<Drag>(null);
  const question = open.questions.find((one) => kindOf(one).words);
  const words = question && kindOf(question).words;
  return (
    <Prompt
      prompt={prompt}
      tokens={tokens}
      label={t(isEdit(item) ? "instruction" : "prompt")}
      none={t("no_prompt")}
      banner={banner ?? false}
      word={
        question &&
        words &&
        ((piece, place) => (
          <Word {...{ piece, place, question, words, dragRef }} />
        ))
      }
    />
  );
}

interface WordProps {
  piece: Piece;
  place: number;
  question: Question;
  words: WordsOf<unknown, unknown, unknown>;
  dragRef: RefObject<Drag>;
}

function Word({ piece, place, question, words, dragRef }: WordProps) {
  const { item, answer, cursor, focused, act } = useRowProps(question);
  const chosen = answer !== null && hasAny(words.chosen(answer), piece.tokens);
  const isHere = focused && words.at(cursor) === place;
  const classes = [styles.word, chosen && styles.chosen, isHere && styles.focused];
  return (
    <PromptWord
      text={piece.text}
      place={place}
      className={classes.filter(Boolean).join(" ")}
      chosen={chosen}
      focused={isHere}
      disabled={!item.armed}
      words={words}
      dragRef={dragRef}
      act={act}
    />
  );
}
