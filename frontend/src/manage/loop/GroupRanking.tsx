import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { useReason } from "@/i18n/reason";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import styles from "./GroupRanking.module.css";
import { type GroupOutcome, groupQuery } from "./queries";

type Ranking = GroupOutcome["rankings"][number];

/** What people said of a group, a row a question. */
export function GroupRanking({ id }: { id: number }) {
  const reason = useReason();
  const query = useQuery(groupQuery(id));
  return (
    <Loaded query={query}>
      {(group) => (
        <Stack gap="sm">
          {group.error && <Text size="sm">{reason(group.error)}</Text>}
          {group.rankings.map((ranking) => (
            <OneRanking key={ranking.question} ranking={ranking} group={group} />
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

function OneRanking({ ranking, group }: { ranking: Ranking; group: GroupOutcome }) {
  const { t } = useTranslation("loop");
  const format = useFormat();
  return (
    <section>
      <Text size="sm" fw={600} mb={4}>
        {t("best_first", { question: ranking.question })}
      </Text>
      {ranking.ranking.length === 0 && <Text size="sm">{t("nobody")}</Text>}
      <ol className={styles.ranking}>
        {ranking.ranking.map((number) => {
          const standing = ranking.standings[number];
          const image = group.images[number];
          return (
            standing && (
              <li key={number}>
                {image && <img src={`/api/v1/images/${image}/thumbnail`} alt="" loading="lazy" />}
                <span>{group.names[number] || t("candidate", { number })}</span>
                <span className={styles.strength}>
                  {t("strength", {
                    value: format.fixed(standing.strength, 2),
                    low: format.fixed(standing.interval[0] ?? 0, 2),
                    high: format.fixed(standing.interval[1] ?? 0, 2),
                  })}
                </span>
              </li>
            )
          );
        })}
      </ol>
    </section>
  );
}
