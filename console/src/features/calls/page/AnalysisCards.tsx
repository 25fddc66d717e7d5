import { OutcomeMark } from "@/components/shared/calls/callMarks";
import { Card } from "@/components/ui/Page";
import { useText } from "@/lib/i18n";
import type { Call } from "@/queries/calls";

/** What the platform makes of the call: summary, verdict, criteria, collected values. */
export function AnalysisCards({ call }: { call: Call }) {
  const t = useText();
  const settled = call.settled_at !== null;
  if (call.ended_at !== null && call.answered_at === null) return null; // there is nothing to make of it
  return (
    <>
      <Card title={t.callPage.summary}>
        {call.summary ? (
          <p dir="auto" className="break-words whitespace-pre-wrap">
            {call.summary}
          </p>
        ) : (
          <p className="text-ink-soft">{settled ? t.callPage.noSummary : t.callPage.summaryLater}</p>
        )}
      </Card>
      <Evaluation call={call} />
      {call.analysis && call.analysis.data.length > 0 && (
        <Card title={t.callPage.collected}>
          <dl className="flex flex-col gap-3">
            {call.analysis.data.map(({ name, value, rationale }) => (
              <div key={name} className="min-w-0">
                <dt className="text-xs break-words text-ink-faint">{name}</dt>
                <dd className="font-medium break-words">{value === null ? "–" : String(value)}</dd>
                {rationale && <dd className="text-xs break-words text-ink-soft">{rationale}</dd>}
              </div>
            ))}
          </dl>
        </Card>
      )}
    </>
  );
}

function Evaluation({ call }: { call: Call }) {
  const t = useText();
  const criteria = call.analysis?.criteria ?? [];
  if (call.settled_at === null && !call.successful && criteria.length === 0) return null;
  return (
    <Card title={t.callPage.evaluation}>
      {!call.successful && criteria.length === 0 && <p className="text-ink-soft">{t.callPage.noVerdict}</p>}
      {call.successful && (
        <p className="flex items-center justify-between gap-2">
          <span className="text-ink-soft">{t.callPage.verdict}</span>
          <OutcomeMark outcome={call.successful} />
        </p>
      )}
      {criteria.length > 0 && (
        <ul className="mt-3 flex flex-col gap-3">
          {criteria.map(({ name, result, rationale }) => (
            <li key={name} className="min-w-0 border-t border-line pt-3">
              <p className="flex items-start justify-between gap-2">
                <span className="min-w-0 font-medium break-words">{name}</span>
                <OutcomeMark outcome={result} />
              </p>
              {rationale && <p className="mt-1 text-sm break-words text-ink-soft">{rationale}</p>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
