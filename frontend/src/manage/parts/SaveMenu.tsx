import { Button, Menu } from "@mantine/core";
import { type RefObject, useEffect, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { copyText } from "./copy";
import { savePng, saveSvg } from "./saveFigure";
import { saveText } from "./saveText";

type Table = "csv" | "matrix" | "points" | "disagreements";

const SHOWN_MS = 2_500;

interface Props {
  /** The card, for screen readers and as the title of its plot. */
  title: string;
  /** The files' name, without its ending. */
  name: string;
  /** CSV text by what it is; made when it is asked for. The first can be copied as well. */
  tables?: Partial<Record<Table, () => string>>;
  plot?: RefObject<SVGSVGElement | null>;
}

/** What a card shows, to keep: its tables as CSV, its plot as SVG and PNG. */
export function SaveMenu({ title, name, tables = {}, plot }: Props) {
  const { t } = useTranslation("boards");
  const [result, setResult] = useState<"copied" | "refused" | "failed" | null>(null);
  useEffect(() => {
    if (result !== "copied") return;
    const timer = setTimeout(() => setResult(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const label = t(`save.${result ?? "menu"}`);
  const first = Object.values(tables)[0];
  const drawn = (save: (svg: SVGSVGElement) => void) => () => {
    if (plot?.current) save(plot.current);
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          style={{ flexShrink: 0 }}
          aria-label={`${label}: ${title}`}
          aria-live="polite"
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {first && (
          <Menu.Item
            onClick={() =>
              void copyText(first()).then((done) => setResult(done ? "copied" : "refused"))
            }
          >
            {t("save.copy")}
          </Menu.Item>
        )}
        {(Object.entries(tables) as [Table, () => string][]).map(([kind, text]) => (
          <Menu.Item
            key={kind}
            onClick={() =>
              saveText(text(), `${kind === "csv" ? name : `${name}-${kind}`}.csv`, "text/csv")
            }
          >
            {t(`save.${kind}`)}
          </Menu.Item>
        ))}
        {plot && (
          <>
            <Menu.Item onClick={drawn((svg) => saveSvg(svg, name, title))}>
              {t("save.svg")}
            </Menu.Item>
            <Menu.Item
              onClick={drawn((svg) => void savePng(svg, name, title).then((done) => setResult(done ? null : "failed")))}
            >
              {t("save.png")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
