import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Export } from "@/api/types";
import { useProject } from "@/manage/frame/ProjectFrame";
import { PageHead, Section } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";
import { WorkerNotice } from "@/manage/parts/WorkerNotice";
import { exportFormatsQuery, exportsQuery, isPending } from "@/manage/queries";

import { ExportCard } from "./ExportCard";
import { NewExport, type Wanted } from "./NewExport";

export function ExportsPage() {
  const { t } = useTranslation("manage");
  const project = useProject();
  const formats = useQuery(exportFormatsQuery(project.id));
  const history = useQuery(exportsQuery(project.id));
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const again = (one: Export) => {
    setWanted({ format: one.format, options: one.options });
    window.scrollTo({ top: 0 });
  };
  return (
    <>
      <PageHead title={t("exports.title")} />
      <Stack gap="md">
        <Section title={t("exports.new")}>
          <Loaded query={formats}>
            {(all) => (
              <NewExport
                key={JSON.stringify(wanted)}
                project={project.id}
                formats={all}
                wanted={wanted}
              />
            )}
          </Loaded>
        </Section>
        <WorkerNotice waiting={history.data?.some(isPending) ?? false} />
        <Section title={t("exports.history")}>
          <Loaded query={history}>
            {(all) =>
              all.length === 0 ? (
                <Empty title={t("exports.empty_title")}>{t("exports.empty")}</Empty>
              ) : (
                <Stack gap="sm">
                  {all.map((one) => (
                    <ExportCard key={one.id} one={one} onAgain={() => again(one)} />
                  ))}
                </Stack>
              )
            }
          </Loaded>
        </Section>
      </Stack>
    </>
  );
}
