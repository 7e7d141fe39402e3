import { Button, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { Failed } from "@/manage/parts/states";

import { goldKey, goldQuery, makeGold } from "./queries";

/** On a settled item: makes it a known answer, or says that it is one. */
export function MakeGold({ project, item }: { project: number; item: string }) {
  const { t } = useTranslation("gold");
  const client = useQueryClient();
  const known = useQuery(goldQuery(project)).data;
  const make = useMutation({
    mutationFn: () => makeGold(item),
    onSuccess: () => client.invalidateQueries({ queryKey: goldKey(project) }),
  });
  if (known?.items.some(({ source, retired_at }) => source === item && retired_at === null)) {
    return <Text size="sm">{t("made")}</Text>;
  }
  return (
    <>
      <Button size="compact-sm" variant="default" loading={make.isPending} onClick={() => make.mutate()}>
        {t("make")}
      </Button>
      {make.isError && <Failed error={make.error} />}
    </>
  );
}
