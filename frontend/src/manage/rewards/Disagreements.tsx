import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import styles from "./Disagreements.module.css";
import type { DimensionReport } from "./queries";

/** The pairs of which the model says the opposite of people, each opening its item. */
export function Disagreements({ found }: { found: DimensionReport }) {
  const { t } = useTranslation("rewards");
  return (
    <Section title={t("report.disagreements")} note={t("report.disagreements_note")}>
      {found.disagreements.length === 0 && <Text size="sm">{t("report.no_disagreements")}</Text>}
      <ol className={styles.pairs}>
        {found.disagreements.map((one) => (
          <Pair key={`${one.chosen} ${one.rejected}`} one={one} />
        ))}
      </ol>
    </Section>
  );
}

function Pair({ one }: { one: Schemas["HeadDisagreement"] }) {
  const { t } = useTranslation("rewards");
  const project = useProject();
  return (
    <li className={styles.pair}>
      <Side image={one.chosen} people={one.chosen_share} model={one.predicted} />
      <Side image={one.rejected} people={1 - one.chosen_share} model={1 - one.predicted} />
      <Anchor
        component={Link}
        to={`/projects/${project.id}/items?item=${one.item}`}
        size="sm"
        lineClamp={2}
        title={one.prompt}
        className={styles.prompt ?? ""}
      >
        {one.prompt || t("report.no_prompt")}
      </Anchor>
    </li>
  );
}

interface SideProps {
  image: string;
  people: number;
  model: number;
}

function Side({ image, people, model }: SideProps) {
  const { t } = useTranslation("rewards");
  const format = useFormat();
  return (
    <figure className={styles.side}>
      <img src={`/api/v1/images/${image}/thumbnail`} alt="" loading="lazy" />
      <figcaption>
        <span data-ahead={people > 0.5}>
          {t("report.people_prefer", { share: format.percent(people) })}
        </span>
        <span data-ahead={model > 0.5}>
          {t("report.model_prefers", { share: format.percent(model) })}
        </span>
      </figcaption>
    </figure>
  );
}
