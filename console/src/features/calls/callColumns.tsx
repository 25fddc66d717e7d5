import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { Ago } from "@/components/shared/Ago";
import { CallTimer } from "@/components/shared/calls/CallTimer";
import {
  CallStatusMark,
  CostMark,
  OutcomeMark,
  useCallee,
  useReasonText,
} from "@/components/shared/calls/callMarks";
import { PlatformMark } from "@/components/shared/marks";
import type { Column } from "@/components/ui/DataTable";
import { dateTime } from "@/lib/format";
import { useText } from "@/lib/i18n";
import type { Call } from "@/queries/calls";
import type { Texts } from "@/text/en";

export function useCallColumns(): Column<Call>[] {
  const t = useText();
  return useMemo(() => columns(t.calls.columns), [t]);
}

function columns(headers: Texts["calls"]["columns"]): Column<Call>[] {
  return [
    {
      id: "callee",
      header: headers.callee,
      width: "w-44",
      cell: (call) => (
        <span className="flex min-w-0 flex-col">
          <CalleeLink call={call} />
          <span className="truncate text-xs text-ink-faint">{call.agent_name}</span>
        </span>
      ),
    },
    {
      id: "platform",
      header: headers.platform,
      width: "w-34",
      cell: (call) => <PlatformMark platform={call.platform} />,
    },
    {
      id: "status",
      header: headers.status,
      cell: (call) => (
        <span className="flex min-w-0 items-center gap-2">
          <CallStatusMark status={call.status} />
          <Reason call={call} />
        </span>
      ),
    },
    {
      id: "outcome",
      header: headers.outcome,
      width: "w-26",
      cell: (call) =>
        call.successful ? (
          <OutcomeMark outcome={call.successful} />
        ) : (
          <span className="text-ink-faint">–</span>
        ),
    },
    {
      id: "duration",
      header: headers.duration,
      width: "w-20",
      align: "right",
      cell: (call) => <CallTimer call={call} />,
    },
    {
      id: "cost",
      header: headers.cost,
      width: "w-24",
      align: "right",
      cell: (call) => <CostMark cost={call.cost} />,
    },
    {
      id: "when",
      header: headers.when,
      width: "w-44",
      align: "right",
      cell: (call) => (
        <time dateTime={call.created_at} className="text-sm text-ink-soft">
          {dateTime(call.created_at)}
        </time>
      ),
    },
  ];
}

/** A call on a telephone's list. */
export function CallCard({ call }: { call: Call }) {
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <CalleeLink call={call} />
        <CallStatusMark status={call.status} />
      </div>
      <p className="flex min-w-0 gap-2 text-sm">
        <span className="min-w-0 truncate">{call.agent_name}</span>
        <Reason call={call} />
      </p>
      <div className="numeric flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-faint">
        <PlatformMark platform={call.platform} />
        <Ago at={call.created_at} />
        <span>
          <CallTimer call={call} />
        </span>
        <CostMark cost={call.cost} />
      </div>
    </div>
  );
}

function CalleeLink({ call }: { call: Call }) {
  const callee = useCallee();
  return (
    <Link
      to="/calls/$callId"
      params={{ callId: call.id }}
      data-row-link
      className="numeric min-w-0 truncate font-medium hover:underline"
    >
      {callee(call)}
    </Link>
  );
}

function Reason({ call }: { call: Call }) {
  const reason = useReasonText()(call);
  return (
    <span className="min-w-0 shrink-3 truncate text-sm text-ink-soft" title={reason ?? undefined}>
      {reason}
    </span>
  );
}
