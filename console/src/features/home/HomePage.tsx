import { useQuery } from "@tanstack/react-query";
import { AlertList } from "@/components/shared/AlertList";
import { Card, Page } from "@/components/ui/Page";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { date } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { useStore } from "@/lib/stored";
import { chosenZone, timeZone } from "@/lib/zone";
import { alertsQuery, summaryQuery } from "@/queries/metrics";
import { CallsChart } from "./CallsChart";
import { Outcomes } from "./Outcomes";
import { Problems } from "./Problems";
import { Tiles } from "./Tiles";
import { Welcome } from "./Welcome";

/** What happens now, and today so far. */
export function HomePage() {
  const t = useText();
  useStore(chosenZone);
  const query = useQuery(summaryQuery());
  const { data: alerts = [] } = useQuery(alertsQuery);
  const summary = query.data;
  return (
    <Page
      title={t.home.title}
      wide
      description={t.home.today(
        date(summary?.at ?? new Date().toISOString()),
        timeZone().replaceAll("_", " "),
      )}
    >
      <AlertList alerts={alerts} label={t.home.alerts} />
      {query.isPending ? (
        <Card flush>
          <SkeletonRows />
        </Card>
      ) : !summary ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          {!summary.calls_ever && <Welcome agents={summary.agents} />}
          <Tiles summary={summary} />
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4 xl:grid-cols-[repeat(3,minmax(0,1fr))]">
            <CallsChart className="xl:col-span-2" />
            <Outcomes today={summary.today} />
          </div>
          <Problems problems={summary.problems} />
        </>
      )}
    </Page>
  );
}
