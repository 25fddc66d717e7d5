import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { PhoneOutgoing, Plus } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { PLATFORM_CHOICES, PlatformGlyph, platformName } from "@/components/shared/marks";
import { startPlacing } from "@/components/shared/placing";
import { Button } from "@/components/ui/Button";
import { ErrorNotice } from "@/components/ui/states";
import { Segments } from "@/components/ui/Tabs";
import { newIntent } from "@/lib/api";
import { locale, useText } from "@/lib/i18n";
import { type Agent, agentsFound, createAgent } from "@/queries/agents";
import { placeCall } from "@/queries/calls";
import { healthQuery } from "@/queries/health";
import { useMay } from "@/queries/me";

/** Somebody who always picks up; only in the sandbox. */
const PERSON = "+14155550100";

/** For newcomers: the first call, without keys and without cost. Never rings where a real carrier answers. */
export function Welcome({ agents }: { agents: number }) {
  const t = useText();
  const { data: health } = useQuery(healthQuery);
  const { data: found } = useQuery({ ...agentsFound(""), enabled: agents > 0 });
  const sandboxed = new Set(health?.providers.filter((one) => one.sandboxed).map(({ name }) => name));
  const platforms = PLATFORM_CHOICES.filter((platform) => sandboxed.has(platform));
  const may = useMay("calls:write");
  const agent = found?.[0];
  if (!health) return null;
  if (!sandboxed.has("twilio") || (agents === 0 && platforms.length === 0))
    return <Frame text={t.home.welcomeLive} actions={<UsualWays may={may} />} />;
  if (agents === 0) return <StarterCall platforms={platforms} />;
  return (
    <Frame
      text={t.home.welcomeText(PERSON)}
      actions={
        <Button
          look="primary"
          disabled={!may || !agent}
          onClick={() => agent && startPlacing({ agentId: agent.id, to: PERSON })}
        >
          <PhoneOutgoing aria-hidden="true" />
          {t.home.welcomePlace}
        </Button>
      }
    />
  );
}

type Platform = (typeof PLATFORM_CHOICES)[number];

function StarterCall({ platforms }: { platforms: readonly Platform[] }) {
  const t = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayBuild = useMay("agents:write");
  const mayCall = useMay("calls:write");
  const may = mayBuild && mayCall;
  const [platform, setPlatform] = useState<Platform>(platforms[0] ?? "ultravox");
  const intent = useRef(newIntent());
  const made = useRef<Agent | null>(null); // a second try after a failed call makes no second agent
  const start = useMutation({
    mutationFn: async () => {
      const { name, prompt, firstMessage } = t.home.starter;
      made.current ??= await createAgent({
        platform,
        name,
        prompt,
        first_message: firstMessage,
        language: locale.get(),
        first_speaker: "agent",
        max_duration_seconds: 600,
        recording: true,
      });
      return placeCall({ agent_id: made.current.id, to: PERSON }, intent.current);
    },
    onSuccess: async (call) => {
      await navigate({ to: "/calls/$callId", params: { callId: call.id } });
      void client.invalidateQueries({ queryKey: ["metrics"] });
    },
  });
  return (
    <Frame
      text={t.home.welcomeText(PERSON)}
      actions={
        <>
          <Segments
            label={t.home.welcomeWhere}
            value={platform}
            onValue={setPlatform}
            choices={platforms.map((id) => ({
              id,
              name: [<PlatformGlyph key={id} platform={id} />, platformName(id)],
            }))}
          />
          <Button look="primary" disabled={!may} busy={start.isPending} onClick={() => start.mutate()}>
            <PhoneOutgoing aria-hidden="true" />
            {t.home.welcomeCall}
          </Button>
        </>
      }
    >
      <p className="text-sm text-ink-soft">{may ? t.home.welcomeMakes : t.common.notAllowed}</p>
      {start.isError && <ErrorNotice error={start.error} />}
    </Frame>
  );
}

function UsualWays({ may }: { may: boolean }) {
  const t = useText();
  return (
    <>
      <Button look="primary" asChild>
        <Link to="/agents/new">
          <Plus aria-hidden="true" />
          {t.home.welcomeAgent}
        </Link>
      </Button>
      <Button disabled={!may} onClick={() => startPlacing()}>
        <PhoneOutgoing aria-hidden="true" />
        {t.home.welcomePlace}
      </Button>
    </>
  );
}

function Frame({ text, actions, children }: { text: string; actions: ReactNode; children?: ReactNode }) {
  const t = useText();
  return (
    <section className="flex flex-col gap-4 rounded-xl border border-accent bg-accent-soft p-6">
      <div>
        <h2 className="text-lg font-semibold">{t.home.welcome}</h2>
        <p className="mt-1 max-w-2xl">{text}</p>
      </div>
      <div className="flex flex-wrap items-center gap-3">{actions}</div>
      {children}
    </section>
  );
}
