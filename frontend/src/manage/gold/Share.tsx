import { Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { Interval } from "@/manage/charts/Interval";
import { ends } from "@/manage/charts/scale";
import { useFormat } from "@/manage/parts/useFormat";

import type { Shared } from "./queries";

/** A share with its n, and its interval drawn; a word where there is none. */
export function Share({ of, reference }: { of: Shared; reference: number }) {
  const { t } = useTranslation("gold");
  const format = useFormat();
  const range = ends(of.interval);
  if (of.share === null || range === null) {
    return (
      <Text size="sm" c="dimmed">
        {t("items.nobody")}
      </Text>
    );
  }
  const text = t("items.range", { low: format.percent(range[0]), high: format.percent(range[1]) });
  return (
    <div title={text}>
      <Text size="sm">{t("items.of", { share: format.percent(of.share), count: of.n })}</Text>
      <Interval value={of.share} interval={range} from={0} to={1} reference={reference} width={108} />
      <span className="visually-hidden">{text}</span>
    </div>
  );
}
