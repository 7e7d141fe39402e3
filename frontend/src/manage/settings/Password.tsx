import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { server } from "@/api/client";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { tokensQuery } from "@/manage/queries";

export function Password() {
  const { t } = useTranslation("manage");
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () => server.POST("/me/password", { body: { old, new: next } }),
    onSuccess: async () => {
      setOld("");
      setNext("");
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Section title={t("settings.password")} note={t("settings.password_note")}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <PasswordInput
              label={t("settings.password_old")}
              value={old}
              autoComplete="current-password"
              w={220}
              onChange={(event) => setOld(event.currentTarget.value)}
            />
            <PasswordInput
              label={t("settings.password_new")}
              value={next}
              autoComplete="new-password"
              w={220}
              onChange={(event) => setNext(event.currentTarget.value)}
            />
            <Button
              type="submit"
              variant="default"
              loading={change.isPending}
              disabled={old === "" || next === ""}
            >
              {t("settings.password_change")}
            </Button>
          </Group>
          {change.isSuccess && (
            <Text size="sm" c="dimmed" role="status">
              {t("settings.password_changed")}
            </Text>
          )}
          {change.isError && <Failed error={change.error} />}
        </Stack>
      </form>
    </Section>
  );
}
