import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { inOrder, PlatformGlyph, platformName } from "@/components/shared/marks";
import { QuotaBar } from "@/components/shared/QuotaBar";
import { integer, money, percent, seconds } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { dayIn } from "@/lib/zone";
import type { Summary } from "@/queries/metrics";
import { platformsQuery } from "@/queries/platforms";

/** The figures of now and today; each leads to what it counts. */
export function Tiles({ summary: { live, today } }: { summary: Summary }) {
  const t = useText();
  const from = dayIn(new Date());
  const answered = { from, status: "in-progress,completed" };
  return (
    <div className="grid grid-cols-2 gap-3 sm:gap-4 xl:grid-cols-4">
      <Tile to="/live" name={t.home.live} value={integer(live.total)}>
        <ByPlatform counts={live.by_platform} none={t.home.liveNone} />
      </Tile>
      <Tile to="/calls" search={{ from }} name={t.home.calls} value={integer(today.calls)}>
        <ByPlatform counts={today.by_platform} none={t.home.callsNone} />
      </Tile>
      <Tile
        to="/calls"
        search={answered}
        name={t.home.answerRate}
        value={today.answer_rate === null ? "–" : percent(today.answer_rate)}
      >
        {today.answer_rate === null ? t.home.answerNone : t.home.answered(today.answered)}
      </Tile>
      <Tile to="/calls" search={{ from }} name={t.home.spend} value={<Spent spend={today.spend} />}>
        <SpendLines spend={today.spend} />
      </Tile>
      <Tile
        to="/calls"
        search={answered}
        name={t.home.duration}
        value={<SpreadValue spread={today.duration_seconds} />}
      >
        <SpreadNote spread={today.duration_seconds} />
      </Tile>
      <Tile
        to="/calls"
        search={answered}
        name={t.home.timeToAnswer}
        value={<SpreadValue spread={today.time_to_answer_seconds} />}
      >
        <SpreadNote spread={today.time_to_answer_seconds} />
      </Tile>
      <QuotaTile />
    </div>
  );
}

type TileProps = {
  name: string;
  value: ReactNode;
  children: ReactNode;
} & Pick<LinkProps, "to" | "search">;

const FRAME = "flex min-h-28 min-w-0 flex-col gap-1 rounded-xl border border-line bg-surface p-4 compact:p-3";

function Tile({ name, value, children, ...link }: TileProps) {
  return (
    <Link {...link} className={`${FRAME} transition-colors hover:border-line-strong hover:bg-hover`}>
      <span className="text-sm font-medium text-ink-soft">{name}</span>
      <span className="numeric text-xl font-semibold sm:text-2xl">{value}</span>
      <span className="mt-auto text-sm text-ink-faint">{children}</span>
    </Link>
  );
}

function ByPlatform({ counts, none }: { counts: Record<string, number>; none: string }) {
  const t = useText();
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  const platforms = inOrder(some, ([platform]) => platform);
  if (platforms.length === 0) return none;
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-1">
      {platforms.map(([platform, count]) => (
        <span key={platform} className="inline-flex items-center gap-1.5">
          <PlatformGlyph platform={platform} className="size-3.5" />
          {t.home.onPlatform(count, platformName(platform))}
        </span>
      ))}
    </span>
  );
}

type Spend = Summary["today"]["spend"];

function Spent({ spend }: { spend: Spend }) {
  const sums = new Map<string, number>();
  for (const { amount, currency } of spend) sums.set(currency, (sums.get(currency) ?? 0) + Number(amount));
  if (sums.size === 0) return "–";
  return [...sums].map(([currency, sum]) => money(String(sum), currency)).join(" + ");
}

function SpendLines({ spend }: { spend: Spend }) {
  const t = useText();
  if (spend.length === 0) return t.home.spendNone;
  return (
    <span className="flex flex-wrap gap-x-3">
      {inOrder(spend, ({ provider }) => provider).map(({ provider, amount, currency }) => (
        <span key={`${provider} ${currency}`}>
          {platformName(provider)} <span className="whitespace-nowrap">{money(amount, currency)}</span>
        </span>
      ))}
      {spend.some(({ final }) => !final) && <span>{t.home.estimated}</span>}
    </span>
  );
}

type Spread = Summary["today"]["duration_seconds"];

function SpreadValue({ spread }: { spread: Spread }) {
  return spread.median === null ? "–" : seconds(spread.median);
}

function SpreadNote({ spread }: { spread: Spread }) {
  const t = useText();
  if (spread.median === null || spread.p95 === null) return t.home.noMeasure;
  return `${t.home.median} · ${t.home.p95} ${seconds(spread.p95)}`;
}

function QuotaTile() {
  const t = useText();
  const { data: platforms = [] } = useQuery(platformsQuery);
  const quotas = inOrder(platforms, ({ name }) => name).flatMap(({ quota }) => quota ?? []);
  return (
    <Link
      to="/platforms"
      className={`${FRAME} transition-colors hover:border-line-strong hover:bg-hover col-span-2`}
    >
      <span className="text-sm font-medium text-ink-soft">{t.home.quota}</span>
      <span className="grid gap-4 sm:grid-cols-2">
        {quotas.map((quota) => (
          <span key={quota.provider} className="flex flex-col gap-1 text-sm">
            <span className="inline-flex items-center gap-1.5 font-medium">
              <PlatformGlyph platform={quota.provider} className="size-3.5" />
              {platformName(quota.provider)}
            </span>
            <QuotaBar quota={quota} />
          </span>
        ))}
      </span>
    </Link>
  );
}
