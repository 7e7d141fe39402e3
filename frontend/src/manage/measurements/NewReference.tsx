import {
  Button, Checkbox, FileInput, Group, Modal, NumberInput, Select, Stack, TextInput,
} from "@mantine/core"; // prettier-ignore
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, asForm, server, within } from "@/api/client";
import { Failed } from "@/manage/parts/states";

import { type Metric, of, referencesQuery } from "./queries";

interface Props {
  metrics: readonly Metric[];
  project: number;
  onClose: () => void;
}

/** Brings along statistics (`mu`, `sigma`) that were made elsewhere. */
export function NewReference({ metrics, project, onClose }: Props) {
  const { t } = useTranslation("metrics");
  const client = useQueryClient();
  const networks = [...new Set(metrics.flatMap((metric) => metric.network || []))];
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const [network, setNetwork] = useState(networks[0] ?? "");
  const [n, setN] = useState<number | null>(null);
  const [zeroShot, setZeroShot] = useState(false);
  const send = useMutation({
    mutationFn: (chosen: File) => {
      const fields = { name: name.trim(), network, zero_shot: zeroShot, ...(n === null ? {} : { n }) };
      return answer(
        server.POST("/projects/{project_id}/references", {
          ...of(project),
          body: { ...fields, file: chosen.name },
          bodySerializer: (sent) => asForm({ ...sent, file: chosen }),
          fetch: within(120_000),
        }),
      );
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: referencesQuery(project).queryKey });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (file) send.mutate(file);
  };
  const choose = (chosen: File | null) => {
    setFile(chosen);
    if (chosen && name === "") setName(chosen.name.replace(/\.npz$/i, ""));
  };
  return (
    <Modal opened onClose={onClose} title={t("references.add_title")}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <FileInput
            label={t("references.file")}
            description={t("references.file_note")}
            placeholder={t("references.choose_file")}
            accept=".npz"
            value={file}
            onChange={choose}
            required
          />
          <TextInput
            label={t("references.name")}
            value={name}
            maxLength={200}
            required
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={t("provenance.network")}
            description={t("references.network_note")}
            data={networks}
            value={network}
            allowDeselect={false}
            onChange={(value) => setNetwork(value ?? "")}
          />
          <NumberInput
            label={t("references.n")}
            description={t("references.n_note")}
            min={2}
            allowDecimal={false}
            value={n ?? ""}
            onChange={(value) => setN(typeof value === "number" ? value : null)}
          />
          <Checkbox
            label={t("references.zero_shot")}
            description={t("sets.zero_shot_note")}
            checked={zeroShot}
            onChange={(event) => setZeroShot(event.currentTarget.checked)}
          />
          {send.isError && <Failed error={send.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("references.cancel")}
            </Button>
            <Button type="submit" loading={send.isPending} disabled={!file || name.trim() === ""}>
              {t("references.send")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
