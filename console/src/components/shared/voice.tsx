import { toast } from "sonner";
import { PlayButton } from "@/components/ui/AudioPlayer";
import { Badge } from "@/components/ui/Badge";
import { languageName } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { hear, type Speech, type Voice } from "@/queries/voices";

/** Plays a voice: the vendor's sample, or a text of one's own. */
export function HearButton({ speech, name, text }: { speech: Speech; name: string; text?: string }) {
  return (
    <PlayButton
      label={name}
      {...(text ? { text } : {})}
      load={() => hear(speech)}
      onError={(error) => toast.error(asProblem(error).message)}
    />
  );
}

/** What is known of a voice, in short words. */
export function VoiceTags({ voice }: { voice: Voice }) {
  const t = useText();
  const language = voice.language && languageName(voice.language);
  const words = [
    voice.gender && t.voicePicker.genders[voice.gender],
    voice.age && t.voicePicker.ages[voice.age],
    language,
    accentOf(voice.accent, language),
    ...voice.styles.slice(0, 3),
  ].filter(Boolean);
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-1.5 gap-y-1 text-xs text-ink-faint">
      <span className="min-w-0 truncate max-sm:whitespace-normal" title={words.join(" · ")}>
        {words.join(" · ")}
      </span>
      {!voice.available && <Badge tone="warn">{t.voicePicker.unavailable}</Badge>}
      {voice.category === "cloned" && <Badge>{t.voicePicker.cloned}</Badge>}
    </span>
  );
}

/** The accent as a name; null where the language tells it already, or it is none. */
function accentOf(accent: string | null, language: string | null | undefined): string | null {
  if (!accent || accent.toLowerCase() === "standard") return null;
  if (language?.toLowerCase().includes(accent.toLowerCase())) return null;
  return accent.charAt(0).toUpperCase() + accent.slice(1);
}
