import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { Transcript } from "@/components/shared/calls/Transcript";
import { SearchInput } from "@/components/ui/inputs";
import { Card } from "@/components/ui/Page";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { type Call, isLive, transcriptQuery } from "@/queries/calls";
import { turnAt } from "@/queries/turns";
import { RecordingCard } from "./RecordingCard";

/** Recording and transcript, in step with each other. */
export function Conversation({ call }: { call: Call }) {
  const t = useText();
  const { data } = useQuery(transcriptQuery(call.id));
  const turns = useMemo(() => data ?? [], [data]);
  const [search, setSearch] = useState("");
  const [heard, setHeard] = useState<number | null>(null);
  const seek = useRef<((seconds: number) => void) | null>(null);
  const wanted = search.trim().toLowerCase();
  const shown = useMemo(
    () => (wanted ? turns.filter(({ text }) => text.toLowerCase().includes(wanted)) : turns),
    [turns, wanted],
  );
  return (
    <div className="flex flex-col gap-6">
      {(isLive(call) || call.answered_at !== null) && (
        <RecordingCard
          call={call}
          turns={turns}
          onTime={(seconds) => setHeard(turns[turnAt(turns, seconds)]?.index ?? null)}
          seekRef={seek}
        />
      )}
      <Card
        flush
        title={t.calls.transcript}
        actions={
          turns.length > 5 && (
            <SearchInput
              className="w-full sm:w-64"
              value={search}
              onValue={setSearch}
              label={t.calls.findTurn}
              clearLabel={t.common.clearSearch}
            />
          )
        }
      >
        {shown.length === 0 ? (
          <NoWords call={call} searched={wanted !== ""} />
        ) : (
          <Transcript
            className={turns.length > 8 ? "h-[60dvh]" : "h-[26rem]"}
            turns={shown}
            agentName={call.agent_name}
            current={shown.findLastIndex(({ index }) => heard !== null && index <= heard)}
            live={isLive(call) && !wanted}
            marked={wanted}
            {...(call.has_recording ? { onSeek: (to: number) => seek.current?.(to) } : {})}
          />
        )}
      </Card>
    </div>
  );
}

/** Why no words are shown. */
function NoWords({ call, searched }: { call: Call; searched: boolean }) {
  const t = useText();
  const { isPending, error, refetch } = useQuery(transcriptQuery(call.id));
  if (isPending) return <SkeletonRows />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const why = searched ? t.calls.noTurn : isLive(call) ? t.calls.notYet : t.calls.silence;
  return <p className="px-6 py-12 text-center text-ink-soft">{why}</p>;
}
