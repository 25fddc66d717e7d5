import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CallTimer } from "@/components/shared/calls/CallTimer";
import { CopyText } from "@/components/ui/CopyText";
import { Card } from "@/components/ui/Page";
import { dateTime } from "@/lib/format";
import { locale, useText } from "@/lib/i18n";
import type { Call } from "@/queries/calls";

/** Who, when, how long, with which values. */
export function DetailsCard({ call }: { call: Call }) {
  const t = useText();
  const words = t.callPage.facts;
  const waited =
    call.answered_at && Date.parse(call.answered_at) - Date.parse(call.initiated_at ?? call.created_at);
  const variables = Object.entries(call.variables);
  return (
    <Card title={t.callPage.details}>
      <dl className="flex flex-col gap-2 text-sm">
        <Fact name={words.agent}>
          <Link
            to="/agents/$agentId"
            params={{ agentId: call.agent_id }}
            className="font-medium text-accent hover:underline"
          >
            {call.agent_name}
          </Link>
        </Fact>
        <Fact name={t.callPage.direction}>{t.calls.directions[call.direction]}</Fact>
        {call.to && <Fact name={words.to}>{call.to}</Fact>}
        {call.from && <Fact name={words.from}>{call.from}</Fact>}
        <Fact name={words.placed}>{dateTime(call.created_at)}</Fact>
        {call.answered_at && <Fact name={words.answered}>{dateTime(call.answered_at)}</Fact>}
        {call.ended_at && <Fact name={words.ended}>{dateTime(call.ended_at)}</Fact>}
        {typeof waited === "number" && (
          <Fact name={words.waited}>
            {t.callPage.seconds(
              new Intl.NumberFormat(locale.get(), { maximumFractionDigits: 1 }).format(
                Math.max(0, waited) / 1000,
              ),
            )}
          </Fact>
        )}
        <Fact name={words.duration}>
          <CallTimer call={call} />
        </Fact>
        {call.settled_at && <Fact name={words.settled}>{dateTime(call.settled_at)}</Fact>}
      </dl>
      {!call.settled_at && <p className="mt-3 text-xs text-ink-faint">{words.unsettled}</p>}
      {variables.length > 0 && (
        <div className="mt-4 border-t border-line pt-3">
          <h3 className="mb-2 text-sm font-medium">{t.callPage.variables}</h3>
          <dl className="flex flex-col gap-2 text-sm">
            {variables.map(([name, value]) => (
              <Fact key={name} name={<code className="font-mono text-xs">{name}</code>}>
                {value === null ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value)}
              </Fact>
            ))}
          </dl>
        </div>
      )}
    </Card>
  );
}

/** Which id the call bears where. */
export function IdsCard({ call }: { call: Call }) {
  const t = useText();
  const ids = [
    [t.callPage.idNames.call, call.id],
    [t.callPage.idNames.agent, call.agent_id],
    [t.callPage.idNames.session, call.session_id],
    [t.callPage.idNames.carrier, call.carrier_id],
  ].filter((pair): pair is [string, string] => pair[1] !== null);
  return (
    <Card title={t.callPage.ids}>
      <dl className="flex flex-col gap-2">
        {ids.map(([name, id]) => (
          <div key={name}>
            <dt className="text-xs text-ink-faint">{name}</dt>
            <dd>
              <CopyText text={id} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="shrink-0 text-ink-faint">{name}</dt>
      <dd className="numeric min-w-0 text-right break-words">{children}</dd>
    </div>
  );
}
