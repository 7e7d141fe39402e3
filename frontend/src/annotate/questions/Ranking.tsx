import { useTranslation } from "react-i18next";

import { tiersOf } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { DeskButton } from "@/annotate/parts/DeskButton";
import { focusedStep, stepsFor } from "@/annotate/state";
import type { Question } from "@/api/types";

import styles from "./questions.module.css";
import { Row } from "./Row";

/** The place of each image, best first; pressing the images in order ranks them. */
export function Ranking({ question }: { question: Question }) {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch } = useItemView();
  const { order } = open.assignment.shown;
  const tiers = tiersOf(open.answers, question.id);
  const focused = focusedStep(session)?.question.id === question.id;
  const index = stepsFor(session, open).findIndex((step) => step.question.id === question.id);
  const said = tiers
    .map((tier) => tier.map((letter) => order.indexOf(letter) + 1).join(" = "))
    .join("  >  ");
  return (
    <Row question={question} said={said}>
      {focused && <p className={styles.hint}>{t("ranking.hint")}</p>}
      <div className={styles.options}>
        {order.map((letter, place) => {
          const tier = tiers.findIndex((one) => one.includes(letter));
          return (
            <DeskButton
              key={letter}
              {...(focused ? { command: "rank", value: place + 1 } : {})}
              chosen={tier !== -1}
              disabled={!open.armed}
              aria-label={t("commands.rank", { value: place + 1 })}
              onClick={() => {
                dispatch({ type: "focus", index });
                dispatch({ type: "rank", place });
              }}
            >
              {focused ? (tier === -1 ? "–" : t("ranking.place", { place: tier + 1 })) : place + 1}
            </DeskButton>
          );
        })}
        {focused && tiers.length > 0 && tiers.flat().length < order.length && (
          <DeskButton
            command="tie_next"
            look="quiet"
            chosen={open.tying}
            onClick={() => dispatch({ type: "tie_next" })}
          >
            {t("ranking.tie_next")}
          </DeskButton>
        )}
      </div>
    </Row>
  );
}
