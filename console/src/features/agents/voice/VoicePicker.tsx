import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { platformName } from "@/components/shared/marks";
import { VoiceFilters } from "@/components/shared/VoiceFilters";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { useSettled } from "@/lib/useSettled";
import { type VoiceFilter, type VoiceSettings, voiceQuery, voicesQuery } from "@/queries/voices";
import { SpeakBox } from "./SpeakBox";
import { VoiceRow } from "./VoiceRow";

interface VoicePickerProps {
  platform: string;
  language: string;
  value: string | null;
  settings?: VoiceSettings;
  /** What the sentence box starts with. */
  sentence: string;
  onClose: () => void;
  onChosen: (voiceId: string | null) => void;
}

/** Find a voice: search, filter, listen, speak one's own sentence, take it. */
export function VoicePicker({
  platform,
  language,
  value,
  settings,
  sentence,
  onClose,
  onChosen,
}: VoicePickerProps) {
  const t = useText();
  const [filter, setFilter] = useState<VoiceFilter>({ language: language.split("-")[0] });
  const [chosen, setChosen] = useState(value);
  const query = useInfiniteQuery(voicesQuery({ ...useSettled(filter), platform }));
  const voices = query.data?.pages.flatMap((page) => page.items) ?? [];
  const listed = voices.find((one) => one.id === chosen);
  const other = useQuery({ ...voiceQuery(platform, chosen), enabled: chosen !== null && !listed });
  const voice = listed ?? (chosen === null ? undefined : other.data);
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      title={t.voicePicker.title(platformName(platform))}
      footer={
        <>
          <Button look="quiet" className="mr-auto" onClick={() => onChosen(null)}>
            {t.voicePicker.useDefault}
          </Button>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="primary" disabled={chosen === null} onClick={() => onChosen(chosen)}>
            {voice ? t.voicePicker.take(voice.name) : t.voicePicker.takeNone}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <VoiceFilters filter={filter} onFilter={setFilter} voices={voices} language={language} />
        <fieldset className="max-h-[40dvh] min-w-0 overflow-y-auto rounded-lg border border-line">
          <legend className="sr-only">{t.voicePicker.legend}</legend>
          {query.isPending ? (
            <SkeletonRows rows={4} />
          ) : query.isError ? (
            <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
          ) : voices.length === 0 ? (
            <p className="p-6 text-center text-ink-soft">{t.voicePicker.none}</p>
          ) : (
            voices.map((one) => (
              <VoiceRow
                key={one.id}
                voice={one}
                chosen={one.id === chosen}
                onChoose={() => setChosen(one.id)}
              />
            ))
          )}
          {query.hasNextPage && (
            <div className="p-3 text-center">
              <Button size="sm" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t.common.more}
              </Button>
            </div>
          )}
        </fieldset>
        <SpeakBox
          platform={platform}
          voice={voice ?? null}
          language={language}
          sentence={sentence}
          {...(settings ? { settings } : {})}
        />
      </div>
    </Dialog>
  );
}
