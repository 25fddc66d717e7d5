import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { CallTimer } from "@/components/shared/calls/CallTimer";
import { CallStatusMark, useCallee } from "@/components/shared/calls/callMarks";
import { PlatformMark } from "@/components/shared/marks";
import type { Column } from "@/components/ui/DataTable";
import { useText } from "@/lib/i18n";
import { type Call, transcriptQuery } from "@/queries/calls";
import type { Texts } from "@/text/en";
import { useHeard } from "./lastWords";

export function useLiveColumns(): Column<Call>[] {
  const t = useText();
  return useMemo(() => columns(t.live.columns), [t]);
}

function columns(headers: Texts["live"]["columns"]): Column<Call>[] {
  return [
    {
      id: "callee",
      header: headers.callee,
      width: "w-48",
      cell: (call) => (
        <span className="flex min-w-0 flex-col">
          <RowLink call={call} />
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
      width: "w-32",
      cell: (call) => <CallStatusMark status={call.status} />,
    },
    {
      id: "words",
      header: headers.words,
      cell: (call) => (
        <span className="text-ink-soft">
          <LastWords call={call} />
        </span>
      ),
    },
    {
      id: "time",
      header: headers.time,
      width: "w-20",
      align: "right",
      cell: (call) => <CallTimer call={call} />,
    },
  ];
}

/** A live call on a telephone's list. */
export function LiveCard({ call }: { call: Call }) {
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <RowLink call={call} />
        <span className="numeric text-sm text-ink-soft">
          <CallTimer call={call} />
        </span>
      </div>
      <p className="truncate text-sm">{call.agent_name}</p>
      <p className="truncate text-sm text-ink-soft">
        <LastWords call={call} />
      </p>
      <div className="flex flex-wrap gap-2">
        <CallStatusMark status={call.status} />
        <PlatformMark platform={call.platform} />
      </div>
    </div>
  );
}

/** The newest words: as they were heard here, or what was said before this page was opened. */
function LastWords({ call }: { call: Call }) {
  const heard = useHeard(call.id);
  const { data } = useQuery({
    ...transcriptQuery(call.id),
    enabled: heard === undefined && call.answered_at !== null,
  });
  return heard ?? data?.findLast(({ role }) => role !== "tool")?.text ?? null;
}

function RowLink({ call }: { call: Call }) {
  const callee = useCallee();
  return (
    <Link
      to="/live"
      search={{ call: call.id }}
      replace
      data-row-link={call.id}
      className="numeric truncate font-medium hover:underline"
    >
      {callee(call)}
    </Link>
  );
}
