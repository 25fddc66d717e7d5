import { Link } from "@tanstack/react-router";
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

export function useCallColumns(): Column<Call>[] {
  const t = useText();
  const callee = useCallee();
  const reason = useReasonText();
  return [
    {
      id: "callee",
      header: t.calls.columns.callee,
      width: "w-44",
      cell: (call) => (
        <span className="flex min-w-0 flex-col">
          <Link
            to="/calls/$callId"
            params={{ callId: call.id }}
            data-row-link
            className="numeric truncate font-medium hover:underline"
          >
            {callee(call)}
          </Link>
          <span className="truncate text-xs text-ink-faint">{call.agent_name}</span>
        </span>
      ),
    },
    {
      id: "platform",
      header: t.calls.columns.platform,
      width: "w-36",
      cell: (call) => <PlatformMark platform={call.platform} />,
    },
    {
      id: "status",
      header: t.calls.columns.status,
      cell: (call) => (
        <span className="flex min-w-0 items-center gap-2">
          <CallStatusMark status={call.status} />
          <span className="truncate text-sm text-ink-soft" title={reason(call) ?? undefined}>
            {reason(call)}
          </span>
        </span>
      ),
    },
    {
      id: "outcome",
      header: t.calls.columns.outcome,
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
      header: t.calls.columns.duration,
      width: "w-20",
      align: "right",
      cell: (call) => <CallTimer call={call} />,
    },
    {
      id: "cost",
      header: t.calls.columns.cost,
      width: "w-24",
      align: "right",
      cell: (call) => <CostMark cost={call.cost} />,
    },
    {
      id: "when",
      header: t.calls.columns.when,
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
  const callee = useCallee();
  const reason = useReasonText();
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <Link
          to="/calls/$callId"
          params={{ callId: call.id }}
          data-row-link
          className="numeric min-w-0 truncate font-medium hover:underline"
        >
          {callee(call)}
        </Link>
        <CallStatusMark status={call.status} />
      </div>
      <p className="truncate text-sm text-ink-soft">{reason(call) ?? call.agent_name}</p>
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
