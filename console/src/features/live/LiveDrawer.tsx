import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowUpRight } from "lucide-react";
import { CallTimer } from "@/components/shared/calls/CallTimer";
import { CallStatusMark, useCallee, useReasonText } from "@/components/shared/calls/callMarks";
import { HangUpButton } from "@/components/shared/calls/HangUpButton";
import { Transcript } from "@/components/shared/calls/Transcript";
import { PlatformMark } from "@/components/shared/marks";
import { Button } from "@/components/ui/Button";
import { Drawer } from "@/components/ui/Drawer";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { useCallNews } from "@/queries/callNews";
import { type Call, callQuery, isLive, transcriptQuery } from "@/queries/calls";
import { Capabilities } from "./Capabilities";

/** One running call beside the list: its words as they come, and what can be done about it. */
export function LiveDrawer({ callId, onClose }: { callId: string; onClose: () => void }) {
  const t = useText();
  const callee = useCallee();
  useCallNews(callId);
  const { data: call, error, refetch } = useQuery(callQuery(callId));
  return (
    <Drawer
      open
      beside
      onClose={onClose}
      title={<span className="numeric">{call ? t.live.watch(callee(call)) : t.common.loading}</span>}
      className="sm:max-w-[26rem]"
    >
      {call ? (
        <LiveCall call={call} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows />
      )}
    </Drawer>
  );
}

function LiveCall({ call }: { call: Call }) {
  const t = useText();
  const reason = useReasonText();
  const running = isLive(call);
  const transcript = useQuery(transcriptQuery(call.id));
  const turns = transcript.data ?? [];
  return (
    <div className="flex h-full flex-col">
      <div className="flex flex-col gap-3 border-b border-line p-4">
        <div className="flex flex-wrap items-center gap-2">
          <CallStatusMark status={call.status} />
          <PlatformMark platform={call.platform} />
          <span className="min-w-0 truncate font-medium">{call.agent_name}</span>
        </div>
        <p className="text-sm text-ink-soft">
          {call.reason_detail ?? reason(call) ?? t.calls.statusText[call.status]}
        </p>
        <dl className="numeric grid grid-cols-2 gap-x-4 text-sm">
          <dt className="text-ink-faint">{t.live.ringsFor}</dt>
          <dt className="text-ink-faint">{t.live.talksFor}</dt>
          <dd className="text-lg">
            <CallTimer call={call} since="created" />
          </dd>
          <dd className="text-lg">{call.answered_at ? <CallTimer call={call} /> : "–"}</dd>
        </dl>
        <div className="flex flex-wrap gap-2">
          <HangUpButton call={call} />
          <Button asChild>
            <Link to="/calls/$callId" params={{ callId: call.id }}>
              <ArrowUpRight aria-hidden="true" />
              {t.live.openPage}
            </Link>
          </Button>
        </div>
      </div>
      <div className="min-h-60 flex-1">
        {turns.length > 0 ? (
          <Transcript turns={turns} agentName={call.agent_name} live={running} className="h-full" />
        ) : transcript.isPending ? (
          <SkeletonRows rows={3} />
        ) : (
          <p className="p-6 text-center text-ink-soft">{running ? t.calls.notYet : t.calls.silence}</p>
        )}
      </div>
      <Capabilities platform={call.platform} />
    </div>
  );
}
