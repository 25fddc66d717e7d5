import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { AudioLines } from "lucide-react";
import { useState } from "react";
import { PLATFORM_CHOICES, platformName } from "@/components/shared/marks";
import { VoiceFilters } from "@/components/shared/VoiceFilters";
import { Button } from "@/components/ui/Button";
import { DataTable } from "@/components/ui/DataTable";
import { Select } from "@/components/ui/inputs";
import { Card, Page } from "@/components/ui/Page";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { locale, useText } from "@/lib/i18n";
import { useTyped } from "@/lib/useTyped";
import { type Voice, type VoiceFilter, voicesQuery } from "@/queries/voices";
import { AUDITION_ID, AuditionPanel, MOST } from "./AuditionPanel";
import { useVoiceColumns, VoiceCard } from "./voiceColumns";

const route = getRouteApi("/shell/voices");

/** Every voice of every platform: to search, to hear, and to hear side by side. */
export function VoicesPage() {
  const t = useText();
  const [chosen, setChosen] = useState<readonly Voice[]>([]);
  const { filter, typed, onFilter } = useFilter();
  const query = useInfiniteQuery(voicesQuery(filter));
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const choice = {
    has: (voice: Voice) => chosen.some((one) => isSame(one, voice)),
    full: chosen.length >= MOST,
    toggle: (voice: Voice) =>
      setChosen(
        chosen.some((one) => isSame(one, voice))
          ? chosen.filter((one) => !isSame(one, voice))
          : [...chosen, voice].slice(0, MOST),
      ),
  };
  const columns = useVoiceColumns(choice);
  return (
    <Page title={t.voices.title} description={t.voices.text} wide>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <AuditionPanel
          chosen={chosen}
          onLeave={choice.toggle}
          onClear={() => setChosen([])}
          className={chosen.length === 0 ? "max-xl:hidden" : ""}
        />
        <Card flush className="xl:order-first">
          <div className="flex flex-wrap items-center gap-2 border-b border-line p-3">
            <Select
              aria-label={t.agents.filterPlatform}
              className="w-44"
              value={filter.platform ?? ""}
              onChange={(event) => onFilter({ ...typed, platform: event.target.value || undefined })}
            >
              <option value="">{t.voices.allPlatforms}</option>
              {PLATFORM_CHOICES.map((platform) => (
                <option key={platform} value={platform}>
                  {platformName(platform)}
                </option>
              ))}
            </Select>
            <p role="status" className="ml-auto px-1 text-sm text-ink-faint">
              {t.voices.count(rows.length, query.hasNextPage ? null : rows.length)}
            </p>
            <div className="basis-full">
              <VoiceFilters filter={typed} onFilter={onFilter} voices={rows} language={locale.get()} />
            </div>
          </div>
          {query.isPending ? (
            <SkeletonRows />
          ) : query.isError && rows.length === 0 ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : rows.length === 0 ? (
            <EmptyState
              icon={<AudioLines />}
              title={t.voices.noneTitle}
              action={
                <Button asChild>
                  <Link to="/voices">{t.voices.clearFilters}</Link>
                </Button>
              }
            >
              {t.voices.noneText}
            </EmptyState>
          ) : (
            <DataTable
              label={t.voices.title}
              rows={rows}
              rowId={(voice) => `${voice.platform} ${voice.id}`}
              columns={columns}
              rowHeight={72}
              card={(voice) => <VoiceCard voice={voice} choice={choice} />}
              onEnd={() => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage()}
            />
          )}
        </Card>
      </div>
      {chosen.length > 0 && <ToAudition count={chosen.length} />}
    </Page>
  );
}

/** Where the audition stands above the list: how many take part, and the way there. */
function ToAudition({ count }: { count: number }) {
  const t = useText();
  return (
    <div className="sticky bottom-4 z-20 mx-auto flex animate-rise items-center gap-3 rounded-xl border border-line bg-raised p-2 pl-4 shadow-raised xl:hidden">
      <span role="status" className="numeric">
        {t.voices.chosen(count)}
      </span>
      <Button
        look="primary"
        onClick={() => {
          const panel = document.getElementById(AUDITION_ID);
          panel?.scrollIntoView();
          panel?.focus({ preventScroll: true });
        }}
      >
        <AudioLines aria-hidden="true" />
        {t.voices.audition}
      </Button>
    </div>
  );
}

function isSame(one: Voice, other: Voice): boolean {
  return one.platform === other.platform && one.id === other.id;
}

/** The filters of the address; what is typed comes into it after a pause. */
function useFilter() {
  const navigate = useNavigate();
  const filter = route.useSearch();
  const go = (wanted: VoiceFilter) => void navigate({ to: "/voices", search: clean(wanted), replace: true });
  const [search, setSearch] = useTyped(filter.search ?? "", (text) =>
    go({ ...filter, search: text || undefined }),
  );
  const typed: VoiceFilter = { ...filter, search: search || undefined };
  const onFilter = (wanted: VoiceFilter) => {
    if ((wanted.search ?? "") !== search) setSearch(wanted.search ?? "");
    else go(wanted);
  };
  return { filter, typed, onFilter };
}

type VoiceSearch = ReturnType<typeof route.useSearch>;

function clean(filter: VoiceFilter): VoiceSearch {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as VoiceSearch;
}
