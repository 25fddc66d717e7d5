import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ListMusic, Square, Volume2, X } from "lucide-react";
import { useState } from "react";
import { PlatformGlyph } from "@/components/shared/marks";
import { unitName } from "@/components/shared/units";
import { PlayButton } from "@/components/ui/AudioPlayer";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Textarea } from "@/components/ui/inputs";
import { Card } from "@/components/ui/Page";
import { ErrorNotice } from "@/components/ui/states";
import { cn } from "@/lib/classes";
import { integer } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { useSettled } from "@/lib/useSettled";
import {
  type Audition,
  type Auditioned,
  type AuditionOrder,
  auditionQuoteQuery,
  holdAudition,
  type Voice,
} from "@/queries/voices";
import { usePlayInTurn } from "./usePlayInTurn";

/** How many voices may be compared. */
export const MOST = 4;
export const AUDITION_ID = "audition";
const LONGEST = 300;

interface AuditionPanelProps {
  chosen: readonly Voice[];
  onLeave: (voice: Voice) => void;
  onClear: () => void;
  className: string;
}

/** Up to four voices say one sentence; told beforehand is what that costs. */
export function AuditionPanel({ chosen, onLeave, onClear, className }: AuditionPanelProps) {
  const t = useText();
  const [text, setText] = useState<string>(t.voices.example);
  const order: AuditionOrder = {
    text: text.trim(),
    voices: chosen.map(({ platform, id }) => ({ platform, id })),
  };
  const quote = useQuery(auditionQuoteQuery(useSettled(order)));
  const client = useQueryClient();
  const audition = useMutation({
    mutationFn: () => holdAudition(order),
    onSuccess: () => client.invalidateQueries({ queryKey: ["voices", "audition"] }),
  });
  const spoken = audition.data?.text === order.text ? audition.data : undefined;
  const turn = usePlayInTurn();
  const resultOf = (voice: Voice, told: Audition | undefined) =>
    told?.results.find(({ platform, id }) => platform === voice.platform && id === voice.id);
  const heard = chosen.flatMap((voice) => resultOf(voice, spoken)?.audio ?? []);
  return (
    <Card
      title={t.voices.audition}
      id={AUDITION_ID}
      className={cn("scroll-mt-4 xl:sticky xl:top-6", className)}
      actions={
        chosen.length > 0 && (
          <span className="flex items-center gap-2 text-sm text-ink-faint">
            {t.voices.chosen(chosen.length)}
            <Button size="sm" look="quiet" onClick={onClear}>
              {t.voices.clear}
            </Button>
          </span>
        )
      }
    >
      {chosen.length === 0 ? (
        <p className="text-ink-soft">{t.voices.auditionEmpty}</p>
      ) : (
        <div className="flex flex-col gap-4">
          <Field
            label={t.voices.sentence}
            aside={`${text.length} / ${LONGEST}`}
            hint={quote.isError ? asProblem(quote.error).message : <Price told={quote.data} />}
          >
            <Textarea
              value={text}
              maxLength={LONGEST}
              rows={3}
              onChange={(event) => setText(event.target.value)}
            />
          </Field>
          <ul className="flex flex-col gap-2">
            {chosen.map((voice) => (
              <Candidate
                key={`${voice.platform} ${voice.id}`}
                voice={voice}
                quote={resultOf(voice, quote.data)}
                result={resultOf(voice, spoken)}
                speaking={turn.current !== null && turn.current === resultOf(voice, spoken)?.audio}
                onLeave={() => onLeave(voice)}
              />
            ))}
          </ul>
          {audition.isError && <ErrorNotice error={audition.error} />}
          <div className="flex flex-wrap gap-2">
            <Button
              look="primary"
              busy={audition.isPending}
              disabled={order.text === ""}
              onClick={() => audition.mutate()}
            >
              <Volume2 aria-hidden="true" />
              {spoken ? t.voices.again : t.voices.speakAll}
            </Button>
            {heard.length > 0 &&
              (turn.current === null ? (
                <Button onClick={() => turn.play(heard)}>
                  <ListMusic aria-hidden="true" />
                  {t.voices.playAll}
                </Button>
              ) : (
                <Button onClick={turn.stop}>
                  <Square aria-hidden="true" />
                  {t.voices.stop}
                </Button>
              ))}
          </div>
        </div>
      )}
    </Card>
  );
}

interface CandidateProps {
  voice: Voice;
  quote: Auditioned | undefined;
  result: Auditioned | undefined;
  speaking: boolean;
  onLeave: () => void;
}

function Candidate({ voice, quote, result, speaking, onLeave }: CandidateProps) {
  const t = useText();
  const audio = result?.audio;
  const told = result?.status === "failed" ? result : (quote ?? result);
  return (
    <li
      className={cn(
        "flex items-center gap-2 rounded-lg border border-line py-2 pr-1 pl-3",
        speaking && "border-accent bg-accent-soft",
      )}
    >
      <PlatformGlyph platform={voice.platform} />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{voice.name}</span>
        <span className="block text-xs text-ink-faint" title={told?.error?.detail}>
          <Told told={told} />
        </span>
      </span>
      {audio && (
        <PlayButton
          label={result.status === "spoken" ? t.voices.spoken(voice.name) : t.voices.sample(voice.name)}
          load={async () => audio}
        />
      )}
      <Button look="quiet" size="icon-sm" aria-label={t.voices.leave(voice.name)} onClick={onLeave}>
        <X aria-hidden="true" />
      </Button>
    </li>
  );
}

/** What one voice takes, or why it says something else. */
function Told({ told }: { told: Auditioned | undefined }) {
  const t = useText();
  if (!told) return t.voicePicker.askingPrice;
  if (told.status === "failed") return <span className="text-bad">{told.error?.detail}</span>;
  if (told.status === "sample") return t.voices.sampleOnly;
  if (told.charge)
    return t.voices.charge(integer(told.charge.amount), unitName(t, told.charge.unit, told.charge.amount));
  return told.cached ? t.voices.kept : t.voices.free;
}

function Price({ told }: { told: Audition | undefined }) {
  const t = useText();
  if (!told) return t.voicePicker.askingPrice;
  const sums = new Map<string, number>();
  for (const { charge } of told.results) {
    if (charge) sums.set(charge.unit, (sums.get(charge.unit) ?? 0) + charge.amount);
  }
  const charges = [...sums].map(([unit, amount]) =>
    t.voices.charge(integer(amount), unitName(t, unit, amount)),
  );
  const cost = charges.length > 0 ? t.voices.total(charges.join(" + ")) : t.voices.totalFree;
  return `${cost} ${t.voices.left(integer(told.quota_left))}`;
}
