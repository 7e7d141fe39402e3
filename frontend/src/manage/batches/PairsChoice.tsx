import { NumberInput, Select } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Pairs } from "./choice";

interface Props {
  pairs: Pairs;
  count: number;
  onPairs: (pairs: Pairs) => void;
  onCount: (count: number) => void;
}

/** How lines of single images become pairs. */
export function PairsChoice({ pairs, count, onPairs, onCount }: Props) {
  const { t } = useTranslation("manage");
  return (
    <>
      <Select
        label={t("batches.pairs")}
        value={pairs}
        w={330}
        allowDeselect={false}
        data={[
          { value: "none", label: t("batches.pairs_none") },
          { value: "all", label: t("batches.pairs_all") },
          { value: "ring", label: t("batches.pairs_ring") },
          { value: "random", label: t("batches.pairs_random") },
        ]}
        onChange={(value) => onPairs(value ?? "none")}
      />
      {pairs === "random" && (
        <NumberInput
          label={t("batches.pairs_count")}
          value={count}
          min={1}
          max={10_000}
          w={150}
          allowDecimal={false}
          onChange={(value) => onCount(Math.max(1, Number(value)))}
        />
      )}
    </>
  );
}
