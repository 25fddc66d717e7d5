import { Download, Pause, Play } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { Button } from "@/components/ui/Button";
import { IconButton } from "@/components/ui/IconButton";
import { Select } from "@/components/ui/inputs";
import { Card } from "@/components/ui/Page";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { clock } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { type Call, isLive, recordingAddress, type Turn } from "@/queries/calls";
import { usePlayer } from "./usePlayer";
import { useRecording } from "./useRecording";
import { Waveform } from "./Waveform";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2, 3];

interface RecordingCardProps {
  call: Call;
  turns: readonly Turn[];
  /** Told the place in the recording once it was played or moved. */
  onTime: (seconds: number) => void;
  /** Receives what plays from a second. */
  seekRef: RefObject<((seconds: number) => void) | null>;
}

/** The recording with its waveform: play, seek, speed, download. */
export function RecordingCard({ call, turns, onTime, seekRef }: RecordingCardProps) {
  const t = useText();
  const [attempt, setAttempt] = useState(0);
  const { address, peaks, problem } = useRecording(call, attempt);
  const player = usePlayer(onTime);
  useEffect(() => {
    seekRef.current = (seconds) => {
      player.seek(seconds);
      player.play();
    };
  });
  if (!call.has_recording) return <Missing call={call} />;
  const whole = player.duration ?? call.duration_seconds ?? 0;
  return (
    <Card
      title={t.callPage.recording}
      actions={
        <Button size="sm" look="quiet" asChild>
          <a href={recordingAddress(call.id, true)} download>
            <Download aria-hidden="true" />
            {t.callPage.download}
          </a>
        </Button>
      }
    >
      {problem ? (
        <ErrorState compact error={problem} onRetry={() => setAttempt(attempt + 1)} />
      ) : (
        <div className="flex flex-col gap-3">
          {/* biome-ignore lint/a11y/useMediaCaption: the transcript below is the caption */}
          <audio ref={player.ref} src={address ?? undefined} preload="metadata" className="hidden" />
          {address ? (
            <Waveform
              peaks={peaks}
              turns={turns}
              seconds={player.seconds}
              whole={whole}
              onSeek={player.seek}
            />
          ) : (
            <Skeleton className="h-24 w-full" />
          )}
          <div className="flex flex-wrap items-center gap-3">
            <IconButton
              label={player.playing ? t.common.pause : t.common.play}
              look="primary"
              disabled={!address}
              data-playing={player.playing || undefined}
              onClick={player.toggle}
            >
              {player.playing ? <Pause aria-hidden="true" /> : <Play aria-hidden="true" />}
            </IconButton>
            <span className="numeric text-sm text-ink-soft">
              {clock(player.seconds)} / {clock(whole)}
            </span>
            <Select
              aria-label={t.callPage.speed}
              className="ml-auto w-24"
              value={player.speed}
              onChange={(event) => player.setSpeed(Number(event.target.value))}
            >
              {SPEEDS.map((speed) => (
                <option key={speed} value={speed}>
                  {speed}×
                </option>
              ))}
            </Select>
          </div>
        </div>
      )}
    </Card>
  );
}

/** Why there is nothing to hear. */
function Missing({ call }: { call: Call }) {
  const t = useText();
  const why = isLive(call)
    ? t.callPage.recordingLater
    : call.settled_at === null && call.answered_at !== null
      ? t.callPage.recordingWaits
      : t.callPage.noRecording;
  return (
    <Card title={t.callPage.recording}>
      <p className="py-2 text-ink-soft">{why}</p>
    </Card>
  );
}
