import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { Button, buttonClass } from "@/ui/desk/Button";
import { Empty } from "@/ui/desk/Empty";
import { Link } from "@/ui/Link";

import type { NextReview } from "./queries";

type Reason = "none" | "done" | "held" | "nothing" | "paused" | "archived";
type State = Schemas["ProjectState"];

/** Why there is no item to review just now. */
export function whyNothing(
  { waiting, done, sampled }: Pick<NextReview, "waiting" | "done" | "sampled">,
  state: State = "active",
): Reason {
  if (state === "paused" || state === "archived") return state;
  if (sampled === 0) return "none";
  if (waiting > 0) return "held";
  return done >= sampled ? "done" : "nothing";
}

interface Props {
  next: NextReview;
  state: State;
  /** Null: nothing is filtered. */
  onEverything: (() => void) | null;
}

export function Nothing({ next, state, onEverything }: Props) {
  const { t } = useTranslation("review");
  const reason = whyNothing(next, state);
  if (onEverything && state === "active") {
    return (
      <Empty
        title={t("empty.nothing_title")}
        actions={<Button onClick={onEverything}>{t("chosen.all")}</Button>}
      >
        <p>{t("chosen.empty")}</p>
      </Empty>
    );
  }
  return (
    <Empty
      title={t(`empty.${reason}_title`)}
      actions={
        <Link className={buttonClass()} to="/">
          {t("empty.home")}
        </Link>
      }
    >
      <p>{t(`empty.${reason}`)}</p>
    </Empty>
  );
}
