import { Link } from "@tanstack/react-router";
import { CallStatusMark, useReasonText } from "@/components/shared/calls/callMarks";
import { Card } from "@/components/ui/Page";
import { integer } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { dayIn } from "@/lib/zone";
import type { CallStatus } from "@/queries/calls";
import type { Summary } from "@/queries/metrics";

/** How today's calls ended, the most frequent first; each line leads to its calls. */
export function Outcomes({ today }: { today: Summary["today"] }) {
  const t = useText();
  const reasonText = useReasonText();
  const from = dayIn(new Date());
  const most = Math.max(...today.by_reason.map(({ calls }) => calls), 1);
  return (
    <Card title={t.home.outcomes} flush>
      {today.by_reason.length === 0 && <p className="p-4 text-ink-soft">{t.home.outcomesNone}</p>}
      <ul>
        {today.by_reason.map(({ status, reason, calls }) => (
          <li key={`${status} ${reason}`} className="border-b border-line last:border-0">
            <Link
              to="/calls"
              search={{ from, status, ...(reason ? { reason } : {}) }}
              className="flex flex-col gap-1.5 px-4 py-2.5 hover:bg-hover focus-visible:-outline-offset-2"
            >
              <span className="flex items-start gap-3 [&>:last-child]:leading-6">
                <CallStatusMark status={status as CallStatus} />
                <span className="min-w-0 flex-1 text-sm text-ink-soft">{reasonText({ reason })}</span>
                <span className="numeric font-medium">{integer(calls)}</span>
              </span>
              <span
                aria-hidden="true"
                className="h-1 overflow-hidden rounded-full bg-sunken forced-color-adjust-none"
              >
                <span
                  className="block h-full rounded-full bg-line-strong"
                  style={{ width: `${(calls / most) * 100}%` }}
                />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
