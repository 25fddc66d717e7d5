import { useQuery } from "@tanstack/react-query";
import { AudioLines } from "lucide-react";
import { useState } from "react";
import { HearButton, VoiceTags } from "@/components/shared/voice";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Page";
import { Notice, Skeleton } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { filledIn } from "@/lib/template";
import { voiceQuery } from "@/queries/voices";
import { VoicePicker } from "../voice/VoicePicker";
import { hasVoiceSettings } from "./draft";
import { useAgentForm } from "./FormContext";
import { LanguageField } from "./LanguageField";
import { VoiceSettingsFields } from "./VoiceSettingsFields";

/** The voice and how it speaks. */
export function VoiceSection() {
  const t = useText();
  const { draft, part, setPart, error, errorBelow, readOnly } = useAgentForm();
  const [choosing, setChoosing] = useState(false);
  const examples = Object.fromEntries(
    Object.entries(draft.variables ?? {}).map(([name, variable]) => [name, variable.default]),
  );
  const sentence = filledIn(draft.first_message, examples) || t.voicePicker.example;
  const problem = error("voice") ?? errorBelow("voice_settings");
  return (
    <Card title={t.agentForm.voiceAndLanguage}>
      <div className="flex flex-col gap-5">
        <div>
          <p className="mb-1.5 text-sm font-medium">{t.agentForm.voice}</p>
          <ChosenVoice />
          <Button className="mt-2 w-full" disabled={readOnly} onClick={() => setChoosing(true)}>
            <AudioLines aria-hidden="true" />
            {part.voice ? t.agentForm.changeVoice : t.agentForm.chooseVoice}
          </Button>
          {problem && <p className="mt-1.5 text-sm text-bad">{problem}</p>}
        </div>
        <LanguageField />
        <VoiceSettingsFields />
      </div>
      {choosing && (
        <VoicePicker
          platform={draft.platform}
          language={draft.language}
          value={part.voice}
          {...(hasVoiceSettings(draft.platform) ? { settings: draft.voice_settings } : {})}
          sentence={sentence}
          onClose={() => setChoosing(false)}
          onChosen={(voice) => {
            setPart({ voice });
            setChoosing(false);
          }}
        />
      )}
    </Card>
  );
}

function ChosenVoice() {
  const t = useText();
  const { draft, part } = useAgentForm();
  const { data: voice, isError, error, isPending } = useQuery(voiceQuery(draft.platform, part.voice));
  if (part.voice === null) return <p className="text-ink-soft">{t.agentForm.defaultVoice}</p>;
  if (isError) {
    return (
      <Notice>
        <span className="font-mono text-xs break-all">{part.voice}</span>
        <p>{asProblem(error).message}</p>
      </Notice>
    );
  }
  if (isPending) return <Skeleton className="h-12" />;
  return (
    <div className="flex items-center gap-2 rounded-lg border border-line p-2 pl-3">
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="truncate font-medium">{voice.name}</span>
        <VoiceTags voice={voice} />
      </span>
      <HearButton
        key={voice.id}
        speech={{ platform: voice.platform, voiceId: voice.id }}
        name={t.voicePicker.sampleOf(voice.name)}
      />
    </div>
  );
}
