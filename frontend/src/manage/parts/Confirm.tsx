import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { Failed } from "./states";

interface Props {
  title: string;
  text: string;
  yes: string;
  busy: boolean;
  error: Error | null;
  onYes: () => void;
  onClose: () => void;
}

/** Asks before something that can't be undone. */
export function Confirm({ title, text, yes, busy, error, onYes, onClose }: Props) {
  const { t } = useTranslation("manage");
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <Stack gap="md">
        <Text size="sm">{text}</Text>
        {error && <Failed error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("cancel")}
          </Button>
          <Button color="red.9" loading={busy} onClick={onYes}>
            {yes}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
