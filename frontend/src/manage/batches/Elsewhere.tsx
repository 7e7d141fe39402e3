import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { Failed } from "@/manage/parts/states";
import { batchesQuery, templatesQuery } from "@/manage/queries";

import { type Pairs, pairsParameter } from "./choice";
import { PairsChoice } from "./PairsChoice";
import { StepInput } from "./StepInput";

/** A dataset by its address, which workers read where it lies. */
export function Elsewhere({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const { data: templates } = useQuery(templatesQuery);
  const [address, setAddress] = useState("");
  const compares = (templates?.find((one) => one.name === project.template)?.images.max ?? 2) > 1;
  const [pairs, setPairs] = useState<Pairs>("none");
  const [count, setCount] = useState(3);
  const [step, setStep] = useState<number | null>(null);
  const ask = useMutation({
    mutationFn: () =>
      answer(
        server.POST("/projects/{project_id}/batches/elsewhere", {
          params: { path: { project_id: project.id } },
          body: { address: address.trim(), pairs: compares ? pairsParameter(pairs, count) : null, step },
        }),
      ),
    onSuccess: async () => {
      setAddress("");
      setStep(null);
      await client.invalidateQueries({ queryKey: batchesQuery(project.id).queryKey });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t("batches.address")}
            placeholder={t("batches.address_example")}
            value={address}
            maxLength={255}
            w={420}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
          {compares && address !== "" && (
            <PairsChoice pairs={pairs} count={count} onPairs={setPairs} onCount={setCount} />
          )}
          {address !== "" && <StepInput step={step} onStep={setStep} />}
          <Button type="submit" variant="default" loading={ask.isPending} disabled={!address.includes("://")}>
            {t("batches.take_in")}
          </Button>
        </Group>
        {ask.isError && <Failed error={ask.error} />}
      </Stack>
    </form>
  );
}
