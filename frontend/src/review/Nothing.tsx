import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { NextReview } from "@/api/types";

import styles from "./review.module.css";

type Why = "none" | "done" | "held" | "nothing";

/** Why there is no item to review just now. */
export function whyNothing({ waiting, done, sampled }: Omit<NextReview, "review">): Why {
  if (sampled === 0) return "none";
  if (waiting > 0) return "held";
  return done >= sampled ? "done" : "nothing";
}

export function Nothing({ next }: { next: NextReview }) {
  const { t } = useTranslation("review");
  const why = whyNothing(next);
  return (
    <div className={styles.nothing} role="status">
      <h1>{t(`empty.${why}_title`)}</h1>
      <p>{t(`empty.${why}`)}</p>
      <Link className={styles.key ?? ""} to="/">
        {t("empty.home")}
      </Link>
    </div>
  );
}
