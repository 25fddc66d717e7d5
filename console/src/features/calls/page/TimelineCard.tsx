import { useQuery } from "@tanstack/react-query";
import { platformName } from "@/components/shared/marks";
import { CopyText } from "@/components/ui/CopyText";
import { Card } from "@/components/ui/Page";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { clockTime } from "@/lib/format";
import { locale, useText } from "@/lib/i18n";
import { type Call, isLive, type Leg, timelineQuery } from "@/queries/calls";
import { span, stretches } from "./timeline";

const INKS: Record<string, string> = {
  queued: "bg-line",
  initiated: "bg-line-strong",
  ringing: "bg-warn",
  answered: "bg-good",
  opened: "bg-line-strong",
  "first words": "bg-accent",
  failed: "bg-bad",
  busy: "bg-warn",
  "no-answer": "bg-warn",
};

/** The life of both legs, on one scale and in words. */
export function TimelineCard({ call }: { call: Call }) {
  const t = useText();
  const { data: legs, error, refetch } = useQuery(timelineQuery(call.id));
  if (!legs) {
    return (
      <Card title={t.callPage.timeline}>
        {error ? (
          <ErrorState compact error={error} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={3} />
        )}
      </Card>
    );
  }
  const running = isLive(call);
  const known = running ? legs.map(withoutEnd) : legs;
  const whole = span(known, running ? Date.now() : null);
  return (
    <Card title={t.callPage.timeline}>
      <div className="flex flex-col gap-5">
        {known.map((leg) => (
          <LegPicture key={leg.leg} leg={leg} whole={whole} />
        ))}
      </div>
    </Card>
  );
}

/** While a call runs the newest words are not the last ones. */
function withoutEnd(leg: Leg): Leg {
  return { ...leg, states: leg.states.filter(({ state }) => state !== "last words") };
}

function LegPicture({ leg, whole }: { leg: Leg; whole: { from: number; until: number } }) {
  const t = useText();
  const names: Partial<Record<string, string>> = t.callPage.states;
  return (
    <section className="flex flex-col gap-2">
      <header className="flex items-baseline justify-between gap-2 text-sm">
        <h3 className="font-medium whitespace-nowrap">{t.callPage.legs[leg.leg]}</h3>
        {leg.id ? (
          <CopyText text={leg.id} className="min-w-0 text-ink-soft" />
        ) : (
          <span className="text-ink-faint">{platformName(leg.provider)}</span>
        )}
      </header>
      <div
        aria-hidden="true"
        className="relative h-2 overflow-hidden rounded-full bg-sunken forced-color-adjust-none"
      >
        {stretches(leg, whole).map(({ state, from, width }) => (
          <span
            key={state}
            className={`absolute inset-y-0 min-w-0.5 ${INKS[state] ?? "bg-line-strong"}`}
            style={{ left: `${from * 100}%`, width: `${width * 100}%` }}
          />
        ))}
      </div>
      {leg.states.length === 0 ? (
        <p className="text-sm text-ink-soft">{t.callPage.noLeg}</p>
      ) : (
        <ol className="flex flex-col gap-1 text-sm">
          {leg.states.map(({ state, at }, place) => (
            <li key={`${state}${at}`} className="flex items-center gap-2">
              <span
                aria-hidden="true"
                className={`size-2 shrink-0 rounded-full forced-color-adjust-none ${INKS[state] ?? "bg-line-strong"}`}
              />
              <span className="min-w-0 flex-1 truncate">{names[state] ?? state}</span>
              {place > 0 && (
                <span className="numeric text-xs text-ink-faint">
                  {t.callPage.after(seconds((Date.parse(at) - whole.from) / 1000))}
                </span>
              )}
              <time dateTime={at} className="numeric text-xs text-ink-soft">
                {clockTime(at)}
              </time>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function seconds(value: number): string {
  return new Intl.NumberFormat(locale.get(), { maximumFractionDigits: 1, minimumFractionDigits: 1 }).format(
    Math.max(0, value),
  );
}
