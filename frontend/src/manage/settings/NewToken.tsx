import { Button, Group, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { useMe } from "@/api/queries";
import { OnceShown } from "@/manage/parts/OnceShown";
import { Failed } from "@/manage/parts/states";
import { tokensQuery } from "@/manage/queries";

const SCOPES: readonly Schemas["TokenScope"][] = ["write", "read"];

export function NewToken() {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [days, setDays] = useState(90);
  const [scope, setScope] = useState<Schemas["TokenScope"]>("write");
  const [project, setProject] = useState<string | null>(null);
  const { projects } = useMe();
  const make = useMutation({
    mutationFn: () =>
      answer(
        server.POST("/tokens", {
          body: {
            name: name.trim(),
            expires_in_days: days,
            scope,
            project_id: project === null ? null : Number(project),
          },
        }),
      ),
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
          <Select
            label={t("settings.token_scope")}
            data={SCOPES.map((value) => ({ value, label: t(`settings.token_scopes.${value}`) }))}
            value={scope}
            allowDeselect={false}
            w={190}
            onChange={(value) => setScope(value === "read" ? "read" : "write")}
          />
          <Select
            label={t("settings.token_project")}
            placeholder={t("settings.token_every_project")}
            data={projects.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={project}
            clearable
            w={280}
            onChange={setProject}
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
