/** How a question, its help and its flags are called in the reader's language. */

import { useTranslation } from "react-i18next";

import type { questions } from "./en/questions";

interface Asked {
  id: string;
  title: string;
  help: string;
}

type Title = keyof (typeof questions)["titles"];
type Help = keyof (typeof questions)["help"];
type SoloHelp = keyof (typeof questions)["help_one_image"];

export interface QuestionText {
  title: (question: Asked) => string;
  help: (question: Asked) => string;
}

/**
 * The ready templates' questions speak the reader's language; what a manager wrote for a custom
 * project is shown as it was written. `images`: how many images an item has.
 */
export function useQuestionText(template: string, images = 2): QuestionText {
  const { t, i18n } = useTranslation("questions");
  const ready = template !== "custom";

  const title = (question: Asked): string =>
    ready && i18n.exists(`titles.${question.id}`, { ns: "questions" })
      ? t(`titles.${question.id as Title}`)
      : question.title || question.id.replaceAll("_", " ");

  const help = (question: Asked): string => {
    if (ready && images === 1 && i18n.exists(`help_one_image.${question.id}`, { ns: "questions" })) {
      return t(`help_one_image.${question.id as SoloHelp}`);
    }
    return ready && i18n.exists(`help.${question.id}`, { ns: "questions" })
      ? t(`help.${question.id as Help}`)
      : question.help;
  };

  return { title, help };
}
