import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useChangeMe, useMe } from "@/api/queries";
import { isLanguage, LANGUAGE_NAMES, LANGUAGES, speak } from "@/i18n";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";

export function Person() {
  const { t } = useTranslation("manage");
  const me = useMe();
  const change = useChangeMe();
  const [name, setName] = useState(me.display_name);
  const save = useMutation({ mutationFn: change });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate({ display_name: name.trim() });
  };
  const choose = async (language: string | null) => {
    if (!isLanguage(language)) return;
    await speak(language);
    save.mutate({ language });
  };
  return (
    <Section title={t("settings.person")} note={t("settings.username", { username: me.username })}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t("settings.display_name")}
              value={name}
              maxLength={150}
              w={280}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button
              type="submit"
              variant="default"
              loading={save.isPending}
              disabled={name.trim() === me.display_name}
            >
              {t("save")}
            </Button>
          </Group>
          <Select
            label={t("settings.language")}
            value={me.language}
            w={280}
            allowDeselect={false}
            data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
            onChange={(value) => void choose(value)}
          />
          {save.isSuccess && (
            <Text size="sm" c="dimmed" role="status">
              {t("settings.saved")}
            </Text>
          )}
          {save.isError && <Failed error={save.error} />}
        </Stack>
      </form>
    </Section>
  );
}
