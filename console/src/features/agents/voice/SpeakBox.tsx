import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { platformName } from "@/components/shared/marks";
import { unitName } from "@/components/shared/units";
import { HearButton } from "@/components/shared/voice";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/inputs";
import { integer, money } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { useSettled } from "@/lib/useSettled";
import { platformsQuery } from "@/queries/platforms";
import {
  matchesQuery,
  quoteQuery,
  type Speech,
  type Voice,
  type VoiceQuote,
  type VoiceSettings,
} from "@/queries/voices";

const LONGEST = 300;
const SPEAKS = "speak_text";

interface SpeakBoxProps {
  platform: string;
  voice: Voice | null;
  language: string;
  sentence: string;
  settings?: VoiceSettings;
}

/**
 * Hear one's own sentence in the chosen voice; says beforehand what that takes. Where the platform speaks only in
 * calls, the closest voice of one that does speaks instead, and that is said.
 */
export function SpeakBox({ platform, voice, language, sentence, settings }: SpeakBoxProps) {
  const t = useText();
  const [text, setText] = useState(sentence.slice(0, LONGEST));
  const { speaker, why } = useSpeaker(platform, voice, language);
  const speech: Speech = {
    platform: speaker?.platform ?? "",
    voiceId: speaker?.id ?? "",
    text: text.trim(),
    language,
    ...(settings ? { settings } : {}),
  };
  const asked = useSettled(speech);
  const quote = useQuery({ ...quoteQuery(asked), enabled: asked.voiceId !== "" && asked.text !== "" });
  const price = quote.isError
    ? asProblem(quote.error).message
    : quote.data
      ? quoteText(t, quote.data)
      : t.voicePicker.askingPrice;
  const hint = voice ? [why, speaker && price].filter(Boolean).join(" ") : t.voicePicker.chooseFirst;
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
      {speaker && speech.text && (
        <div className="sm:mt-[26px]">
          <HearButton
            key={speaker.id + text}
            speech={speech}
            name={t.voicePicker.sentenceBy(speaker.name)}
            text={t.voicePicker.speak}
          />
        </div>
      )}
    </div>
  );
}

/** Who can speak the sentence: the voice itself, or the closest one of a platform that speaks outside calls. */
function useSpeaker(platform: string, voice: Voice | null, language: string) {
  const t = useText();
  const { data: platforms = [] } = useQuery(platformsQuery);
  const speaks = (name: string) =>
    platforms.some(
      (one) => one.name === name && one.capabilities.some((can) => can.name === SPEAKS && can.available),
    );
  const itself = speaks(platform);
  const other = platforms.find(
    (one) => one.name !== platform && one.mode !== "off" && speaks(one.name),
  )?.name;
  const wanted = voice !== null && platforms.length > 0 && !itself && other !== undefined;
  const matches = useQuery({
    ...matchesQuery(platform, voice?.id ?? "", other ?? "", language),
    enabled: wanted,
  });
  if (!voice || itself) return { speaker: itself ? voice : null, why: null };
  const closest = matches.data?.[0]?.voice ?? null;
  const name = platformName(platform);
  const why = closest
    ? t.voicePicker.closest(name, closest.name, platformName(closest.platform))
    : t.voicePicker.speaksNot(name);
  return { speaker: closest, why };
}

function quoteText(t: ReturnType<typeof useText>, quote: VoiceQuote): string {
  const price = quote.cost ? money(quote.cost.amount, quote.cost.currency) : null;
  const charge = quote.charge
    ? t.voicePicker.charge(integer(quote.charge.amount), unitName(t, quote.charge.unit, quote.charge.amount))
    : null;
  const cost = quote.cached
    ? t.voicePicker.kept
    : [charge, price].filter(Boolean).join(" · ") || t.voicePicker.free;
  return t.voicePicker.quote(cost, integer(quote.quota_left));
}
