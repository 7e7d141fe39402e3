import { useTranslation } from "react-i18next";

import { useItemView } from "@/annotate/context";
import type { Question, WordsOf } from "@/questions/kind";
import { kindOf } from "@/questions/registry";
import { keepFocus } from "@/ui/desk/Button";
import { Prompt } from "@/ui/desk/Prompt";

import styles from "./ItemPrompt.module.css";
import { useRowProps } from "./useRowProps";

/** What the image was made from. Where a question asks for words, each can be clicked. */
export function ItemPrompt({ banner }: { banner?: boolean }) {
  const { t } = useTranslation("annotate");
  const { session, open } = useItemView();
  const { prompt, tokens } = open.assignment.item;
  const question = session.questions.find((one) => kindOf(one).words);
  const words = question && kindOf(question).words;
  return (
    <Prompt
      prompt={prompt}
      tokens={tokens}
      label={t("prompt")}
      none={t("no_prompt")}
      banner={banner ?? false}
      word={
        question &&
        words &&
        ((text, token) => <Word text={text} token={token} question={question} words={words} />)
      }
    />
  );
}

interface WordProps {
  text: string;
  token: number;
  question: Question;
  words: WordsOf<unknown, unknown, unknown>;
}

function Word({ text, token, question, words }: WordProps) {
  const { item, answer, cursor, focused, act } = useRowProps(question);
  const chosen = answer !== null && words.chosen(answer).includes(token);
  const classes = [
    styles.word,
    chosen && styles.chosen,
    focused && words.at(cursor) === token && styles.focused,
  ];
  return (
    <button
      type="button"
      className={classes.filter(Boolean).join(" ")}
      aria-pressed={chosen}
      disabled={!item.armed}
      onPointerDown={keepFocus}
      onClick={() => act(words.press(token))}
    >
      {text}
    </button>
  );
}
