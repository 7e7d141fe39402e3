/** How a question, its help and its flags are called in the reader's language. */

import { useMemo } from "react";

import type { questions } from "./en/questions";
import { type Speech, type Text, useTranslation } from "./useTranslation";

interface Asked {
  id: string;
  title: string;
  help: string;
  title_zh?: string;
  help_zh?: string;
  type?: string;
}

interface Offered {
  id: string;
  title: string;
  title_zh?: string;
}

type Title = keyof (typeof questions)["titles"];
type Help = keyof (typeof questions)["help"];
type Flag = keyof (typeof questions)["flags"];
type SoloHelp = keyof (typeof questions)["help_one_image"];

export interface QuestionText {
  title: (question: Asked) => string;
  help: (question: Asked) => string;
  /** All that the template says about it, where that is in the reader's language. */
  guide: (question: Asked) => string;
  flag: (option: Offered) => string;
}

/**
 * The ready templates' questions speak the reader's language; what a manager wrote for a custom
 * project is shown in the reader's language where it was written in it. `images`: how many images an item has.
 */
export function useQuestionText(template: string, images = 2): QuestionText {
  const { t, i18n } = useTranslation("questions");
  return useMemo(() => textIn(t, i18n, template, images), [t, i18n, template, images]);
}

/** What such a question asks is about two images, never of each how good it is. */
const COMPARING = ["preference", "graded"];

function textIn(t: Text<"questions">, i18n: Speech, template: string, images: number): QuestionText {
  const ready = template !== "custom";
  const written = (text: string, chinese = ""): string =>
    i18n.language === "zh-Hans" ? chinese || text : text || chinese;

  const title = (question: Asked): string =>
    ready && i18n.exists(`titles.${question.id}`, { ns: "questions" })
      ? t(`titles.${question.id as Title}`)
      : written(question.title, question.title_zh) || question.id.replaceAll("_", " ");

  const help = (question: Asked): string => {
    const compares = COMPARING.includes(question.type ?? "") || (!question.type && images > 1);
    if (ready && !compares && i18n.exists(`help_one_image.${question.id}`, { ns: "questions" })) {
      return t(`help_one_image.${question.id as SoloHelp}`);
    }
    return ready && i18n.exists(`help.${question.id}`, { ns: "questions" })
      ? t(`help.${question.id as Help}`)
      : written(question.help, question.help_zh);
  };

  const guide = (question: Asked): string =>
    i18n.language === "en" && ready ? question.help || help(question) : help(question);

  const flag = (option: Offered): string =>
    ready && i18n.exists(`flags.${option.id}`, { ns: "questions" })
      ? t(`flags.${option.id as Flag}`)
      : written(option.title, option.title_zh) || option.id.replaceAll("_", " ");

  return { title, help, guide, flag };
}
