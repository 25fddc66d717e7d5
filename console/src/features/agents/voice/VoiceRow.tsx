import { CalendarClock } from "lucide-react";
import { HearButton, VoiceTags } from "@/components/shared/voice";
import { Tooltip } from "@/components/ui/Tooltip";
import { day } from "@/lib/format";
import { useText } from "@/lib/i18n";
import type { Voice } from "@/queries/voices";

/** One voice to choose. */
export function VoiceRow({
  voice,
  chosen,
  onChoose,
}: {
  voice: Voice;
  chosen: boolean;
  onChoose: () => void;
}) {
  const t = useText();
  return (
    <div className="flex items-center gap-2 border-b border-line px-3 last:border-0 hover:bg-hover has-checked:bg-accent-soft">
      <label className="flex min-w-0 flex-1 cursor-pointer items-center gap-3 py-2.5">
        <input
          type="radio"
          name="voice"
          value={voice.id}
          checked={chosen}
          disabled={!voice.available}
          onChange={onChoose}
          className="size-4 shrink-0 accent-accent"
        />
        <span className="flex min-w-0 flex-col gap-0.5">
          <span className="truncate font-medium">{voice.name}</span>
          <VoiceTags voice={voice} />
          {voice.description && <span className="truncate text-xs text-ink-soft">{voice.description}</span>}
        </span>
      </label>
      {voice.expires_on && (
        <Tooltip text={voice.note ?? voice.expires_on}>
          <button
            type="button"
            className="inline-flex h-6 items-center gap-1 rounded-md bg-warn-soft px-2 text-xs font-medium text-warn"
          >
            <CalendarClock aria-hidden="true" className="size-3.5" />
            <span className="max-sm:sr-only">{t.voicePicker.until(day(voice.expires_on))}</span>
          </button>
        </Tooltip>
      )}
      <HearButton
        speech={{ platform: voice.platform, voiceId: voice.id }}
        name={t.voicePicker.sampleOf(voice.name)}
      />
    </div>
  );
}
