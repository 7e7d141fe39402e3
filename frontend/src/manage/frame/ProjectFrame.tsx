import { Button, Group, Menu, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";
import { Outlet, useLocation, useNavigate, useOutletContext, useParams } from "react-router";

import type { Schemas } from "@/api/client";
import { useMe } from "@/api/queries";
import { StateBanner } from "@/manage/lifecycle/StateBanner";
import { Notice } from "@/manage/parts/Notice";
import { Loaded } from "@/manage/parts/states";
import { projectQuery } from "@/manage/queries";
import { UploadGuard } from "@/manage/upload/UploadGuard";
import { Link, NavLink } from "@/ui/Link";

import { Frame } from "./Frame";
import styles from "./ProjectFrame.module.css";

/** The pages of one project: its name, its tabs, and the page below them. */
export function ProjectFrame() {
  // The catalog of the metrics' pages comes along, so that no page blinks when it is first opened.
  useTranslation(["manage", "metrics", "running", "actions", "gold", "training", "rewards", "webhooks"]);
  const id = Number(useParams().id);
  const query = useQuery(projectQuery(id));
  const manages = query.data ? query.data.roles.includes("manager") : !query.isError;
  return (
    <Frame
      context={<ProjectMenu id={id} name={query.data?.name ?? ""} />}
      tabs={manages && <Tabs id={id} />}
    >
      <UploadGuard />
      <Loaded query={query}>{(project) => <ForManagers project={project} />}</Loaded>
    </Frame>
  );
}

export function useProject(): Schemas["Project"] {
  return useOutletContext();
}

function ForManagers({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("manage");
  if (!project.roles.includes("manager")) {
    return (
      <Notice color="orange" title={t("managers_only.title")}>
        <Text size="sm">{t("managers_only.text")}</Text>
        <Group gap="xs" mt="sm">
          {project.roles.includes("reviewer") && (
            <Button component={Link} to={`/projects/${project.id}/review`} size="xs">
              {t("managers_only.review")}
            </Button>
          )}
          {project.roles.includes("annotator") && (
            <Button component={Link} to={`/projects/${project.id}/annotate`} size="xs">
              {t("managers_only.annotate")}
            </Button>
          )}
        </Group>
      </Notice>
    );
  }
  return (
    <>
      <StateBanner state={project.state} />
      <Outlet context={project} />
    </>
  );
}

function Tabs({ id }: { id: number }) {
  const { t } = useTranslation("manage");
  const { t: tRunning } = useTranslation("running");
  const { t: tGold } = useTranslation("gold");
  const { t: tTraining } = useTranslation("training");
  const { t: tRewards } = useTranslation("rewards");
  const { t: tWebhooks } = useTranslation("webhooks");
  const tabs = [
    { to: `/projects/${id}`, label: t("tabs.overview"), end: true },
    { to: `/projects/${id}/batches`, label: t("tabs.batches") },
    { to: `/projects/${id}/items`, label: t("tabs.items") },
    { to: `/projects/${id}/annotators`, label: t("tabs.annotators") },
    { to: `/projects/${id}/gold`, label: tGold("tab") },
    { to: `/projects/${id}/training`, label: tTraining("tab") },
    { to: `/projects/${id}/measurements`, label: t("tabs.measurements") },
    { to: `/projects/${id}/metrics`, label: t("tabs.metrics") },
    { to: `/projects/${id}/reward-model`, label: tRewards("tab") },
    { to: `/projects/${id}/exports`, label: t("tabs.exports") },
  ];
  const seldom = [
    { to: `/projects/${id}/members`, label: t("tabs.members") },
    { to: `/projects/${id}/webhooks`, label: tWebhooks("tab") },
    { to: `/projects/${id}/audit`, label: tRunning("audit.tab") },
  ];
  return (
    <nav className={styles.tabs} aria-label={t("tabs.label")}>
      {tabs.map((tab) => (
        <NavLink key={tab.to} to={tab.to} end={tab.end} className={styles.tab ?? ""}>
          {tab.label}
        </NavLink>
      ))}
      <SeldomTabs tabs={seldom} />
    </nav>
  );
}

/** What a lead needs once a week, behind one word, which is the page's own while one is shown. */
function SeldomTabs({ tabs }: { tabs: { to: string; label: string }[] }) {
  const { t } = useTranslation("manage");
  const { pathname } = useLocation();
  const shown = tabs.find((tab) => pathname.startsWith(tab.to));
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <UnstyledButton className={styles.tab ?? ""} aria-current={shown && "page"}>
          {shown?.label ?? t("tabs.more")} <span aria-hidden="true">▾</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {tabs.map((tab) => (
          <Menu.Item key={tab.to} component={NavLink} to={tab.to}>
            {tab.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The project's name; opens the way to the person's other projects. */
function ProjectMenu({ id, name }: { id: number; name: string }) {
  const { t } = useTranslation("manage");
  const me = useMe();
  const navigate = useNavigate();
  const managed = me.projects.filter((project) => project.roles.includes("manager"));
  return (
    <>
      <span className={styles.slash} aria-hidden="true">
        /
      </span>
      <Menu position="bottom-start" width={280} shadow="md">
        <Menu.Target>
          <UnstyledButton className={styles.project ?? ""} aria-label={t("switch_project", { name })}>
            <span className={styles.projectName}>{name || "…"}</span>
            <span aria-hidden="true" className={styles.caret}>
              ▾
            </span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown mah={360} className={styles.menu ?? ""}>
          {managed.map((project) => (
            <Menu.Item
              key={project.id}
              {...(project.id === id ? { "aria-current": "true" as const, fw: 600 } : {})}
              onClick={() => void navigate(`/projects/${project.id}`)}
            >
              {project.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item component={Link} to="/">
            {t("all_projects")}
          </Menu.Item>
          {me.can_create_projects && (
            <Menu.Item component={Link} to="/projects/new">
              {t("new_project")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
