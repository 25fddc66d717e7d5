import { CalendarClock } from "lucide-react";
import { PlatformMark } from "@/components/shared/marks";
import { HearButton, VoiceTags } from "@/components/shared/voice";
import { Badge } from "@/components/ui/Badge";
import type { Column } from "@/components/ui/DataTable";
import { Checkbox } from "@/components/ui/inputs";
import { day } from "@/lib/format";
import { useText } from "@/lib/i18n";
import type { Voice } from "@/queries/voices";

/** Which voices take part in the audition. */
export interface Choice {
  has: (voice: Voice) => boolean;
  full: boolean;
  toggle: (voice: Voice) => void;
}

export function useVoiceColumns(choice: Choice): Column<Voice>[] {
  const t = useText();
  return [
    {
      id: "audition",
      header: <span className="sr-only">{t.voices.columns.audition}</span>,
      width: "w-12",
      cell: (voice) => <Take voice={voice} choice={choice} />,
    },
    { id: "voice", header: t.voices.columns.voice, cell: (voice) => <Named voice={voice} /> },
    {
      id: "platform",
      header: t.voices.columns.platform,
      width: "w-36",
      cell: (voice) => <PlatformMark platform={voice.platform} />,
    },
    {
      id: "hear",
      header: <span className="sr-only">{t.common.play}</span>,
      width: "w-14",
      align: "right",
      cell: (voice) => <Hear voice={voice} />,
    },
  ];
}

export function VoiceCard({ voice, choice }: { voice: Voice; choice: Choice }) {
  return (
    <div className="flex items-start gap-2">
      <Take voice={voice} choice={choice} />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <Named voice={voice} />
        <span>
          <PlatformMark platform={voice.platform} />
        </span>
      </div>
      <Hear voice={voice} />
    </div>
  );
}

function Take({ voice, choice }: { voice: Voice; choice: Choice }) {
  const t = useText();
  const checked = choice.has(voice);
  return (
    <Checkbox
      label={t.voices.add(voice.name)}
      title={choice.full && !checked ? t.voices.full : undefined}
      checked={checked}
      disabled={!voice.available || (choice.full && !checked)}
      onCheckedChange={() => choice.toggle(voice)}
    />
  );
}

function Named({ voice }: { voice: Voice }) {
  const t = useText();
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-medium">{voice.name}</span>
        {voice.expires_on && (
          <Badge tone="warn">
            <CalendarClock aria-hidden="true" className="size-3.5" />
            {t.voicePicker.until(day(voice.expires_on))}
          </Badge>
        )}
      </span>
      <VoiceTags voice={voice} />
      {voice.description && (
        <span className="truncate text-xs text-ink-soft" title={voice.description}>
          {voice.description}
        </span>
      )}
    </span>
  );
}

function Hear({ voice }: { voice: Voice }) {
  const t = useText();
  return (
    <HearButton
      speech={{ platform: voice.platform, voiceId: voice.id }}
      name={t.voicePicker.sampleOf(voice.name)}
    />
  );
}
