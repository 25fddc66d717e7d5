import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AlertList } from "@/components/shared/AlertList";
import { ImportButton } from "@/components/shared/ImportButton";
import { Button } from "@/components/ui/Button";
import { Card, Page } from "@/components/ui/Page";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { alertsQuery } from "@/queries/metrics";
import { platformsQuery } from "@/queries/platforms";
import { Capabilities } from "./Capabilities";
import { ProviderCard } from "./ProviderCard";

const ORDER = ["ultravox", "elevenlabs", "twilio"];
const rank = (name: string) => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);
const EVERY_MS = 5_000; // a provider's health is no event

/** The providers side by side: how they do, what is left, what they can do. */
export function PlatformsPage() {
  const t = useText();
  const query = useQuery({ ...platformsQuery, refetchInterval: EVERY_MS });
  const { data: alerts = [] } = useQuery(alertsQuery);
  const providers = [...(query.data ?? [])].sort((one, other) => rank(one.name) - rank(other.name));
  const relevant = alerts.filter(({ provider }) => provider !== null);
  return (
    <Page title={t.platforms.title} description={t.platforms.text} wide>
      <AlertList alerts={relevant} label={t.platforms.alerts} />
      {query.isPending ? (
        <Card flush>
          <SkeletonRows />
        </Card>
      ) : query.isError && providers.length === 0 ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
            {providers.map((provider) => (
              <ProviderCard key={provider.name} provider={provider} />
            ))}
          </div>
          <Capabilities providers={providers} />
        </>
      )}
      <Card title={t.platforms.agents}>
        <div className="flex flex-wrap items-center justify-between gap-4">
          <p className="max-w-xl text-ink-soft">{t.platforms.agentsText}</p>
          <span className="flex flex-wrap gap-2">
            <Button look="quiet" asChild>
              <Link to="/agents">{t.platforms.seeAgents}</Link>
            </Button>
            <ImportButton />
          </span>
        </div>
      </Card>
    </Page>
  );
}
