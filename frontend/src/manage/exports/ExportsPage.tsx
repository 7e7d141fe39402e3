import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useProject } from "@/manage/frame/ProjectFrame";
import { PageHead, Section } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";
import { WorkerNotice } from "@/manage/parts/WorkerNotice";

import { ExportCard } from "./ExportCard";
import { NewExport } from "./NewExport";
import { valuesOf } from "./options";
import { PseudonymKey } from "./PseudonymKey";
import { exportsQuery, formatsQuery, isPending, presetsQuery, type Request } from "./queries";

export function ExportsPage() {
  const { t } = useTranslation("exports");
  const project = useProject();
  const formats = useQuery(formatsQuery(project.id));
  const presets = useQuery(presetsQuery(project.id));
  const history = useQuery(exportsQuery(project.id));
  const [request, setRequest] = useState<Request | null>(null);
  const again = (one: Schemas["Export"]) => {
    setRequest({ format: one.format, options: valuesOf(one.options) });
    window.scrollTo({ top: 0 });
  };
  return (
    <>
      <PageHead title={t("title")} />
      <Stack gap="md">
        <Loaded query={formats}>
          {(all) => (
            <Loaded query={presets}>
              {(uses) => (
                <NewExport
                  key={JSON.stringify(request)}
                  project={project.id}
                  formats={all}
                  presets={uses}
                  request={request}
                />
              )}
            </Loaded>
          )}
        </Loaded>
        <WorkerNotice waiting={history.data?.some(isPending) ?? false} />
        <Section title={t("history")}>
          <Loaded query={history}>
            {(all) =>
              all.length === 0 ? (
                <Empty title={t("empty_title")}>{t("empty")}</Empty>
              ) : (
                <Stack gap="sm">
                  {all.map((one) => (
                    <ExportCard
                      key={one.id}
                      one={one}
                      format={formats.data?.find(({ name }) => name === one.format)}
                      onAgain={() => again(one)}
                    />
                  ))}
                </Stack>
              )
            }
          </Loaded>
        </Section>
        <PseudonymKey project={project.id} />
      </Stack>
    </>
  );
}
