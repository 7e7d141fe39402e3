import { Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { useSearchParams } from "react-router";

import { useProject } from "@/manage/frame/ProjectFrame";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { PageHead, Section } from "@/manage/parts/Section";
import { Empty, Failed, Loading } from "@/manage/parts/states";
import { Link } from "@/ui/Link";

import { ExtraVotesDialog } from "./ExtraVotesDialog";
import { filtersOf, isFiltered, type ItemFilters, NO_FILTERS, parametersOf } from "./filters";
import { FilterBar } from "./FilterBar";
import { ItemDrawer } from "./ItemDrawer";
import { ItemTable } from "./ItemTable";
import { itemsQuery } from "./queries";
import { itemsCsv } from "./tables";

const ITEM = "item";

/** A project's items: searched, filtered, and opened one by one. Address and page say the same. */
export function ItemsPage() {
  const { t } = useTranslation("items");
  const project = useProject();
  const [address, setAddress] = useSearchParams();
  const filters = filtersOf(address);
  const open = address.get(ITEM);
  const query = useInfiniteQuery(itemsQuery(project.id, filters));
  const [asking, setAsking] = useState(false);
  const all = query.data?.pages.flatMap((page) => page.results) ?? [];

  // Every filter is a step that Back undoes; a word that is still being typed is one step.
  const show = (next: ItemFilters) =>
    setAddress(parametersOf(next), {
      replace:
        isTyping(filters.search, next.search) || isTyping(filters.metaValue, next.metaValue),
    });
  const look = (item: string | null) => {
    const parameters = parametersOf(filters);
    setAddress(item === null ? parameters : { ...parameters, [ITEM]: item }, {
      replace: open !== null,
    });
  };
  const place = all.findIndex((item) => item.id === open);
  const [stood, setStood] = useState({ id: "", place: -1 });
  if (open !== null && place !== -1 && (stood.id !== open || stood.place !== place)) {
    setStood({ id: open, place });
  }
  // A move can take the open item out of the list: then what came behind it stands in its place.
  const gone = place === -1 && stood.id === open;
  const next = gone ? stood.place : place + 1;
  const previous = (gone ? stood.place : place) - 1;
  const go = (to: number) => {
    const found = all[to];
    if (found) look(found.id);
    // Whoever comes near the end finds more there.
    if (to >= all.length - 5 && query.hasNextPage && !query.isFetchingNextPage) {
      void query.fetchNextPage();
    }
  };

  return (
    <>
      <PageHead title={t("title")}>
        <Button variant="default" size="xs" onClick={() => setAsking(true)}>
          {t("extra.button")}
        </Button>
      </PageHead>
      <Stack gap="md">
        <FilterBar project={project.id} filters={filters} onChange={show} />
        <Section
          title={t("title")}
          note={query.data && <Count n={all.length} more={query.hasNextPage} />}
          actions={
            all.length > 0 && (
              <SaveMenu
                title={t("title")}
                name={`items-${project.id}`}
                tables={{ csv: () => itemsCsv(all) }}
              />
            )
          }
        >
          {query.isPending && <Loading rows={6} />}
          {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
          {query.data && all.length === 0 && (
            <Nothing filtered={isFiltered(filters)} onClear={() => show({ ...NO_FILTERS, order: filters.order })} />
          )}
          {all.length > 0 && <ItemTable items={all} onOpen={look} />}
          {query.hasNextPage && (
            <Group justify="center">
              <Button
                variant="default"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {t("next_page")}
              </Button>
            </Group>
          )}
        </Section>
      </Stack>
      {open !== null && (
        <ItemDrawer
          project={project}
          id={open}
          onClose={() => look(null)}
          {...(all[previous] ? { onPrevious: () => go(previous) } : {})}
          {...((gone || place !== -1) && all[next] ? { onNext: () => go(next) } : {})}
        />
      )}
      {asking && <ExtraVotesDialog project={project.id} onClose={() => setAsking(false)} />}
    </>
  );
}

/** One word is still being typed. */
function isTyping(before: string, after: string): boolean {
  return before !== "" && after !== "" && before !== after;
}

function Count({ n, more }: { n: number; more: boolean }) {
  const { t } = useTranslation("items");
  return (
    <span role="status">{more ? t("shown_more", { count: n }) : t("shown", { count: n })}</span>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation("items");
  const project = useProject();
  if (!filtered) {
    return (
      <Empty
        title={t("empty.title")}
        action={
          <Button component={Link} to={`/projects/${project.id}/batches`} size="xs">
            {t("empty.upload")}
          </Button>
        }
      >
        {t("empty.text")}
      </Empty>
    );
  }
  return (
    <Empty
      title={t("empty.none")}
      action={
        <Button variant="default" size="xs" onClick={onClear}>
          {t("empty.clear")}
        </Button>
      }
    >
      <Text component="span" size="sm">
        {t("empty.none_text")}
      </Text>
    </Empty>
  );
}
