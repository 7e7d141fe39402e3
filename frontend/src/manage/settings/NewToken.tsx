import { Button, Group, NumberInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, server } from "@/api/client";
import { OnceShown } from "@/manage/parts/OnceShown";
import { Failed } from "@/manage/parts/states";
import { tokensQuery } from "@/manage/queries";

export function NewToken() {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [days, setDays] = useState(90);
  const make = useMutation({
    mutationFn: () =>
      answer(server.POST("/tokens", { body: { name: name.trim(), expires_in_days: days } })),
    onSuccess: async () => {
      setName("");
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t("settings.token_name")}
            placeholder={t("settings.token_placeholder")}
            value={name}
            required
            maxLength={100}
            w={280}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NumberInput
            label={t("settings.token_days")}
            value={days}
            min={1}
            max={365}
            w={150}
            allowDecimal={false}
            onChange={(value) => setDays(Math.max(1, Number(value)))}
          />
          <Button type="submit" loading={make.isPending} disabled={name.trim() === ""}>
            {t("settings.token_make")}
          </Button>
        </Group>
        {make.isError && <Failed error={make.error} />}
        {make.data && (
          <OnceShown
            title={t("settings.token_title", { name: make.data.name })}
            note={t("settings.token_note")}
            secret={make.data.token}
            onDismiss={() => make.reset()}
          />
        )}
      </Stack>
    </form>
  );
}
