import "@/questions/allKinds";

import type { ComponentType } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { Route, Routes } from "react-router";

import type { PreviewProps } from "@/questions/preview";
import { KitProvider } from "@/ui/KitProvider";

import { AnnotatorPage } from "./annotators/AnnotatorPage";
import { AnnotatorsPage } from "./annotators/AnnotatorsPage";
import { AuditPage, SiteAudit } from "./audit/AuditPage";
import { BatchesPage } from "./batches/BatchesPage";
import { BatchPage } from "./batches/BatchPage";
import { CreatePage } from "./create/CreatePage";
import { QuestionsPage } from "./create/QuestionsPage";
import { ExportsPage } from "./exports/ExportsPage";
import { Frame } from "./frame/Frame";
import { ProjectFrame } from "./frame/ProjectFrame";
import { GoldPage } from "./gold/GoldPage";
import { ItemsPage } from "./items/ItemsPage";
import { ChoosePage } from "./measurements/ChoosePage";
import { GeneratorsPage } from "./measurements/GeneratorsPage";
import { MeasurementsFrame } from "./measurements/MeasurementsFrame";
import { GroupsPage } from "./loop/GroupsPage";
import { ImagesPage } from "./measurements/ImagesPage";
import { SetsPage } from "./measurements/SetsPage";
import { MembersPage } from "./members/MembersPage";
import { MetricsPage } from "./metrics/MetricsPage";
import { OverviewPage } from "./overview/OverviewPage";
import { Empty } from "./parts/states";
import { PeoplePage } from "./people/PeoplePage";
import { RewardModelPage } from "./rewards/RewardModelPage";
import { TrainingPage } from "./training/TrainingPage";
import { Settings } from "./settings/Settings";
import { WebhooksPage } from "./webhooks/WebhooksPage";

/** Everything under /projects/* but the desk and the review. `Preview`: the desk's own. */
export default function ManagePages({ Preview }: { Preview: ComponentType<PreviewProps> }) {
  return (
    <KitProvider>
      <Routes>
        <Route path="new" element={<CreatePage Preview={Preview} />} />
        <Route path=":id" element={<ProjectFrame />}>
          <Route index element={<OverviewPage />} />
          <Route path="batches" element={<BatchesPage />} />
          <Route path="batches/:batchId" element={<BatchPage />} />
          <Route path="groups" element={<GroupsPage />} />
          <Route path="annotators" element={<AnnotatorsPage />} />
          <Route path="annotators/:userId" element={<AnnotatorPage />} />
          <Route path="training" element={<TrainingPage />} />
          <Route path="gold" element={<GoldPage />} />
          <Route path="questions" element={<QuestionsPage Preview={Preview} />} />
          <Route path="items" element={<ItemsPage />} />
          <Route path="measurements" element={<MeasurementsFrame />}>
            <Route index element={<ImagesPage />} />
            <Route path="generators" element={<GeneratorsPage />} />
            <Route path="sets" element={<SetsPage />} />
            <Route path="choose" element={<ChoosePage />} />
          </Route>
          <Route path="metrics" element={<MetricsPage />} />
          <Route path="reward-model" element={<RewardModelPage />} />
          <Route path="exports" element={<ExportsPage />} />
          <Route path="members" element={<MembersPage />} />
          <Route path="webhooks" element={<WebhooksPage />} />
          <Route path="audit" element={<AuditPage />} />
          <Route path="*" element={<NoSuchPage />} />
        </Route>
        <Route
          path="*"
          element={
            <Frame>
              <NoSuchPage />
            </Frame>
          }
        />
      </Routes>
    </KitProvider>
  );
}

export function SettingsPage() {
  return (
    <KitProvider>
      <Settings />
    </KitProvider>
  );
}

export function SitePeoplePage() {
  return (
    <KitProvider>
      <PeoplePage />
    </KitProvider>
  );
}

export function SiteAuditPage() {
  return (
    <KitProvider>
      <SiteAudit />
    </KitProvider>
  );
}

function NoSuchPage() {
  const { t } = useTranslation("app");
  return <Empty title={t("not_found.title")}>{t("not_found.text")}</Empty>;
}
