import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { copyText } from "./copy";

interface Props {
  text: () => string;
  label: string;
}

const SHOWN_MS = 2_500;

/** Puts text on the clipboard, and says whether that went well. */
export function CopyButton({ text, label }: Props) {
  const { t } = useTranslation("manage");
  const [done, setDone] = useState<boolean | null>(null);
  useEffect(() => {
    if (done === null) return;
    const timer = setTimeout(() => setDone(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <Button
      size="compact-sm"
      variant="default"
      flex="none"
      aria-live="polite"
      title={done === false ? t("copy_refused") : undefined}
      onClick={() => void copyText(text()).then(setDone)}
    >
      {done === null ? label : done ? t("copied") : t("failed")}
    </Button>
  );
}
