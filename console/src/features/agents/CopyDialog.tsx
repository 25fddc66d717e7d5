import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import { PlatformMark, platformName } from "@/components/shared/marks";
import { HearButton, VoiceTags } from "@/components/shared/voice";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/inputs";
import { SwitchField } from "@/components/ui/SwitchField";
import { ErrorNotice, Skeleton } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { type Agent, copyAgent, copyPlanQuery } from "@/queries/agents";
import { type Voice, voiceQuery } from "@/queries/voices";
import { fieldName } from "./fieldNames";
import { VoicePicker } from "./voice/VoicePicker";

/** Makes the same agent on the other platform: both side by side, what is lost, which voice takes over. */
export function CopyDialog({ agent, to, onClose }: { agent: Agent; to: string; onClose: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(agent.name);
  const [voice, setVoice] = useState<string | null>(null);
  const [twin, setTwin] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const plan = useQuery(copyPlanQuery(agent.id, to, voice));
  const before = useQuery(voiceQuery(agent.platform, agent.voice));
  const after = useQuery(voiceQuery(to, voice));
  const copy = useMutation({
    mutationFn: () => copyAgent(agent.id, { to, name, twin, ...(voice ? { voice } : {}) }),
    onSuccess: async ({ agent: made }) => {
      void client.invalidateQueries({ queryKey: ["agents"] });
      onClose();
      if (!made) return;
      toast.success(t.agents.copied(platformName(to)));
      await navigate({ to: "/agents/$agentId", params: { agentId: made.id } });
    },
  });
  const losses = plan.data?.losses ?? [];
  const proposed = voice ? (after.data ?? null) : (plan.data?.voice ?? null);
  return (
    <>
      <Dialog
        open
        onClose={onClose}
        width="lg"
        title={t.agents.copyTo(platformName(to))}
        description={t.agents.copyText}
        footer={
          <>
            <Button onClick={onClose}>{t.common.cancel}</Button>
            <Button look="primary" busy={copy.isPending} disabled={!plan.data} onClick={() => copy.mutate()}>
              {t.agents.copyNow}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-5">
          {(copy.error ?? plan.error) && <ErrorNotice error={copy.error ?? plan.error} />}
          <div className="grid items-stretch gap-3 md:grid-cols-[1fr_auto_1fr]">
            <Side
              platform={agent.platform}
              title={agent.name}
              voice={before.data ?? null}
              loading={before.isLoading}
            />
            <ArrowRight
              aria-hidden="true"
              className="size-5 self-center text-ink-faint max-md:rotate-90 max-md:justify-self-center"
            />
            <Side platform={to} title={name} voice={proposed} loading={plan.isPending || after.isLoading}>
              <Button size="sm" onClick={() => setChoosing(true)}>
                {t.agentForm.changeVoice}
              </Button>
            </Side>
          </div>
          <section>
            <h3 className="font-semibold">{t.agents.whatIsLost}</h3>
            {plan.isPending ? (
              <Skeleton className="mt-2 h-10" />
            ) : losses.length === 0 ? (
              <p className="mt-1 text-ink-soft">{t.agents.nothingLost}</p>
            ) : (
              <ul className="mt-2 flex flex-col gap-2">
                {losses.map(({ field, instead }) => (
                  <li key={field + instead} className="rounded-lg bg-warn-soft px-3 py-2">
                    <span className="font-medium">{fieldName(t, field)}:</span> {instead}
                  </li>
                ))}
              </ul>
            )}
          </section>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t.agents.copyName}>
              <Input value={name} maxLength={64} onChange={(event) => setName(event.target.value)} />
            </Field>
            <SwitchField
              label={t.agents.makeTwins}
              hint={t.agents.makeTwinsHint}
              checked={twin}
              onChecked={setTwin}
              className="rounded-lg border border-line px-3 py-2.5"
            />
          </div>
        </div>
      </Dialog>
      {choosing && (
        <VoicePicker
          platform={to}
          language={agent.language}
          value={proposed?.id ?? null}
          sentence={agent.first_message || t.voicePicker.example}
          onClose={() => setChoosing(false)}
          onChosen={(chosen) => {
            setVoice(chosen);
            setChoosing(false);
          }}
        />
      )}
    </>
  );
}

interface SideProps {
  platform: string;
  title: string;
  voice: Voice | null;
  loading: boolean;
  children?: ReactNode;
}

function Side({ platform, title, voice, loading, children }: SideProps) {
  const t = useText();
  return (
    <section
      aria-label={platformName(platform)}
      className="flex min-w-0 flex-col gap-3 rounded-xl border border-line p-4"
    >
      <div className="flex items-center justify-between gap-2">
        <span className="truncate font-semibold">{title}</span>
        <PlatformMark platform={platform} />
      </div>
      <div className="flex min-h-14 items-center gap-2">
        {loading ? (
          <Skeleton className="h-10" />
        ) : voice ? (
          <>
            <span className="flex min-w-0 flex-1 flex-col gap-0.5">
              <span className="truncate font-medium">{voice.name}</span>
              <VoiceTags voice={voice} />
            </span>
            <HearButton
              key={voice.id}
              speech={{ platform, voiceId: voice.id }}
              name={t.voicePicker.sampleOf(voice.name)}
            />
          </>
        ) : (
          <span className="text-ink-soft">{t.agentForm.defaultVoice}</span>
        )}
      </div>
      {children}
    </section>
  );
}
