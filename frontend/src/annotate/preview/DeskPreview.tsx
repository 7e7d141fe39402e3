import "@/questions/allKinds";

import { Suspense, useState } from "react";

import { currentLanguage, type Language, LANGUAGE_NAMES, LANGUAGES } from "@/i18n";
import { OwnLanguage, useTranslation } from "@/i18n/useTranslation";
import type { Question } from "@/questions/kind";
import type { PreviewProps } from "@/questions/preview";
import { Button } from "@/ui/desk/Button";
import { Waiting } from "@/ui/desk/Empty";
import theme from "@/ui/desk/theme.module.css";

import styles from "./DeskPreview.module.css";
import { PreviewDesk } from "./PreviewDesk";

/** The desk as annotators will have it, on sample images: what is answered here goes nowhere. */
export default function DeskPreview({ questions, fewest, most, template = "custom" }: PreviewProps) {
  const { t } = useTranslation("composing");
  const [language, setLanguage] = useState<Language>(currentLanguage);
  const [chosen, setChosen] = useState(2);
  const count = Math.min(Math.max(chosen, fewest), most);
  return (
    <section className={`${theme.dark} ${styles.preview}`} aria-label={t("preview.title")}>
      <div className={styles.bar}>
        <h2 className={styles.title}>{t("preview.title")}</h2>
        <label className={styles.count}>
          {t("preview.images")}
          <select value={count} onChange={(event) => setChosen(Number(event.target.value))}>
            {Array.from({ length: most - fewest + 1 }, (_, more) => (
              <option key={more} value={fewest + more}>
                {fewest + more}
              </option>
            ))}
          </select>
        </label>
        <span className={styles.space} />
        {LANGUAGES.map((one) => (
          <Button
            key={one}
            look="quiet"
            chosen={one === language}
            lang={one}
            onClick={() => setLanguage(one)}
          >
            {LANGUAGE_NAMES[one]}
          </Button>
        ))}
      </div>
      {questions.length === 0 ? (
        <Waiting>{t("preview.nothing")}</Waiting>
      ) : (
        <OwnLanguage value={language}>
          <Suspense fallback={null}>
            <PreviewDesk
              key={`${language} ${count} ${asked(questions)}`}
              questions={questions}
              template={template}
              count={count}
              language={language}
            />
          </Suspense>
        </OwnLanguage>
      )}
    </section>
  );
}

/** All but the words of what is asked. */
function asked(questions: readonly Question[]): string {
  return JSON.stringify(
    questions.map(({ id, type, required, scale, half_points, na, unsure, spans, links, options, about }) => [
      id, type, required, scale, half_points, na, unsure, spans, links, options.map((option) => option.id), about,
    ]),
  );
}
