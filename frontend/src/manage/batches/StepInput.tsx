import { NumberInput } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

interface Props {
  step: number | null;
  onStep: (step: number | null) => void;
}

/** The training step whose images a batch is; nobody has to say. */
export function StepInput({ step, onStep }: Props) {
  const { t } = useTranslation("manage");
  return (
    <NumberInput
      label={t("batches.step")}
      value={step ?? ""}
      onChange={(value) => onStep(typeof value === "number" ? value : null)}
      min={0}
      allowDecimal={false}
      allowNegative={false}
      w={190}
    />
  );
}
