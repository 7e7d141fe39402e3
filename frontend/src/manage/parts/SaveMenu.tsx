import { Button, Menu } from "@mantine/core";
import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";

import { savePng, saveSvg } from "./saveFigure";
import { saveText } from "./saveText";

type Table = "csv" | "matrix" | "points";

interface Props {
  /** The card, for screen readers and as the title of its plot. */
  title: string;
  /** The files' name, without its ending. */
  name: string;
  /** CSV text by what it is; made when it is asked for. */
  tables?: Partial<Record<Table, () => string>>;
  plot?: RefObject<SVGSVGElement | null>;
}

/** What a card shows, as files: its tables as CSV, its plot as SVG and PNG. */
export function SaveMenu({ title, name, tables = {}, plot }: Props) {
  const { t } = useTranslation("boards");
  const [failed, setFailed] = useState(false);
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
          aria-label={`${t("save.menu")}: ${title}`}
          title={failed ? t("save.failed") : undefined}
        >
          {failed ? t("save.failed") : t("save.menu")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
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
              onClick={drawn((svg) => void savePng(svg, name, title).then((done) => setFailed(!done)))}
            >
              {t("save.png")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
