import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "@/api/client";
import type { Metric } from "@/api/types";
import { Failed } from "@/manage/parts/states";

import { useDescription } from "./metricText";
import { measurementsKey } from "./useMeasured";

interface Props {
  project: number;
  metrics: readonly Metric[];
  onClose: () => void;
  onAsked: () => void;
}

export function MeasureAgain({ project, metrics, onClose, onAsked }: Props) {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const describe = useDescription();
  const [chosen, setChosen] = useState(
    metrics.filter((metric) => metric.available).map((metric) => metric.name),
  );
  const ask = useMutation({
    mutationFn: () => api.post(`/projects/${project}/measurements`, { metrics: chosen }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: measurementsKey(project) });
      onAsked();
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("measurements.again_title")}>
      <Stack gap="sm">
        <Text size="sm">{t("measurements.again_note")}</Text>
        <Checkbox.Group value={chosen} onChange={setChosen}>
          <Stack gap="xs">
            {metrics.map((metric) => (
              <Checkbox
                key={metric.name}
                value={metric.name}
                disabled={!metric.available}
                label={metric.name}
                description={
                  metric.available
                    ? describe(metric)
                    : t("measurements.unavailable", { reason: metric.why_not })
                }
              />
            ))}
          </Stack>
        </Checkbox.Group>
        {ask.isError && <Failed error={ask.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            loading={ask.isPending}
            disabled={chosen.length === 0}
            onClick={() => ask.mutate()}
            data-autofocus
          >
            {t("measurements.again_start")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
