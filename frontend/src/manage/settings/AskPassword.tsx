import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Failed } from "@/manage/parts/states";

interface Props {
  label: string;
  danger: boolean;
  onPassword: (password: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for the password once more before what an open session alone may not do. */
export function AskPassword({ label, danger, onPassword, onClose }: Props) {
  const { t } = useTranslation("manage");
  const [password, setPassword] = useState("");
  const act = useMutation({ mutationFn: onPassword, onSuccess: onClose });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    act.mutate(password);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <PasswordInput
            label={t("factor.password")}
            value={password}
            autoComplete="current-password"
            w={240}
            data-autofocus
            autoFocus
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button
            type="submit"
            {...(danger ? { color: "red.9" } : {})}
            loading={act.isPending}
            disabled={password === ""}
          >
            {label}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
        </Group>
        {act.isError && <Failed error={act.error} />}
      </Stack>
    </form>
  );
}
