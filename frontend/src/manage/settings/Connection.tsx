import { Button, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";
import { useSearchParams } from "react-router";

import { leaveForProvider, waysInQuery } from "@/api/queries";
import { useReason } from "@/i18n/reason";
import { Notice } from "@/manage/parts/Notice";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";

/** Whether the organisation's own sign-in opens this account, and the way to let it. */
export function Connection({ connected }: { connected: boolean }) {
  const { t } = useTranslation("manage");
  const reason = useReason();
  const [query] = useSearchParams();
  const provider = useQuery(waysInQuery).data?.provider ?? null;
  const leave = useMutation({ mutationFn: () => leaveForProvider("/settings", { connect: true }) });
  const refused = query.get("refused");
  if (provider === null) return null;
  return (
    <Section title={provider} note={t("settings.connection_note", { name: provider })}>
      <Stack gap="sm" align="flex-start">
        {refused !== null && (
          <Notice color="red" role="alert" title={t("failed")}>
            {reason({ code: refused, params: {}, message: refused })}
          </Notice>
        )}
        {leave.isError && <Failed error={leave.error} />}
        {connected ? (
          <Text size="sm">{t("settings.connected", { name: provider })}</Text>
        ) : (
          <Button
            variant="default"
            loading={leave.isPending || leave.isSuccess}
            onClick={() => leave.mutate()}
          >
            {t("settings.connect", { name: provider })}
          </Button>
        )}
      </Stack>
    </Section>
  );
}
