import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { HearButton } from "@/components/shared/voice";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/inputs";
import { integer, money } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { quoteQuery, type Speech, type Voice, type VoiceQuote, type VoiceSettings } from "@/queries/voices";

const LONGEST = 300;

interface SpeakBoxProps {
  platform: string;
  voice: Voice | null;
  language: string;
  sentence: string;
  settings?: VoiceSettings;
}

/** Hear one's own sentence in the chosen voice; says beforehand what that takes. */
export function SpeakBox({ platform, voice, language, sentence, settings }: SpeakBoxProps) {
  const t = useText();
  const [text, setText] = useState(sentence.slice(0, LONGEST));
  const speech: Speech = {
    platform,
    voiceId: voice?.id ?? "",
    text: text.trim(),
    language,
    ...(settings ? { settings } : {}),
  };
  const asked = useDeferredValue(speech);
  const quote = useQuery({ ...quoteQuery(asked), enabled: voice !== null && asked.text !== "" });
  const hint = !voice
    ? t.voicePicker.chooseFirst
    : quote.isError
      ? asProblem(quote.error).message
      : quote.data
        ? quoteText(t, quote.data)
        : t.voicePicker.askingPrice;
  return (
    <div className="flex items-start gap-2 max-sm:flex-col">
      <Field
        label={t.voicePicker.sentence}
        hint={hint}
        aside={`${text.length} / ${LONGEST}`}
        className="w-full min-w-0 flex-1"
      >
        <Input value={text} maxLength={LONGEST} onChange={(event) => setText(event.target.value)} />
      </Field>
      {voice && speech.text && (
        <div className="sm:mt-[26px]">
          <HearButton
            key={voice.id + text}
            speech={speech}
            name={t.voicePicker.sentenceBy(voice.name)}
            text={t.voicePicker.speak}
          />
        </div>
      )}
    </div>
  );
}

function quoteText(t: ReturnType<typeof useText>, quote: VoiceQuote): string {
  const price = quote.cost ? money(quote.cost.amount, quote.cost.currency) : null;
  const charge = quote.charge ? t.voicePicker.charge(integer(quote.charge.amount), quote.charge.unit) : null;
  const cost = quote.cached
    ? t.voicePicker.kept
    : [charge, price].filter(Boolean).join(" · ") || t.voicePicker.free;
  return t.voicePicker.quote(cost, integer(quote.quota_left));
}
