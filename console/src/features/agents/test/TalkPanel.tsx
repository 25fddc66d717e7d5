import { Link } from "@tanstack/react-router";
import { Mic, MicOff, PhoneOff, SendHorizontal } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useReasonText } from "@/components/shared/calls/callMarks";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { IconButton } from "@/components/ui/IconButton";
import { Input } from "@/components/ui/inputs";
import { LevelMeter } from "@/components/ui/LevelMeter";
import { Card } from "@/components/ui/Page";
import { ErrorNotice, Notice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import type { Agent } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { Captions } from "./Captions";
import { initialValues, missingValues, TestVariables, valuesToSend } from "./TestVariables";
import { type Talk, useTalk } from "./useTalk";

/** A conversation with the agent in this page. */
export function TalkPanel({ agent, mode }: { agent: Agent; mode: "text" | "voice" }) {
  const t = useText();
  const talk = useTalk(agent.id);
  const [values, setValues] = useState(() => initialValues(agent));
  const running = talk.phase === "running";
  const missing = missingValues(agent, values);
  return (
    <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Card
        flush
        title={t.agentTest.conversation}
        actions={
          <span className="flex items-center gap-2">
            {talk.agent && (
              <Badge tone="accent" dot>
                {t.agentTest.states[talk.agent]}
              </Badge>
            )}
            {talk.phase === "over" && talk.callId !== null && <Badge>{t.agentTest.over}</Badge>}
          </span>
        }
      >
        <Captions talk={talk} empty={mode === "text" ? t.agentTest.textHint : t.agentTest.voiceHint} />
        <div className="border-t border-line p-3">
          {running ? (
            <Controls talk={talk} />
          ) : (
            <Beginning
              talk={talk}
              mode={mode}
              missing={missing}
              onStart={() => void talk.start(mode, valuesToSend(agent, values))}
            />
          )}
        </div>
      </Card>
      <div className="flex flex-col gap-6">
        {mode === "voice" && (
          <Card title={t.agentTest.levels}>
            <div className="flex flex-col gap-3">
              <NamedLevel name={t.agentTest.you} value={talk.muted ? 0 : talk.levels.callee} />
              <NamedLevel name={agent.name} value={talk.levels.agent} />
            </div>
          </Card>
        )}
        <TestVariables agent={agent} values={values} onValues={setValues} disabled={running} />
        <p className="text-xs text-ink-faint">{t.agentTest.savedOnly(agent.version)}</p>
      </div>
    </div>
  );
}

function NamedLevel({ name, value }: { name: string; value: number }) {
  return (
    <div className="flex flex-col gap-1">
      <span aria-hidden="true" className="truncate text-sm text-ink-soft">
        {name}
      </span>
      <LevelMeter label={name} value={value} />
    </div>
  );
}

function Controls({ talk }: { talk: Talk }) {
  const t = useText();
  const spoken = talk.mode === "voice";
  return (
    <div className="flex items-center gap-2">
      <SayBox onSay={talk.say} placeholder={spoken ? t.agentTest.writeToo : t.agentTest.write} />
      {spoken && (
        <IconButton
          label={talk.muted ? t.agentTest.unmute : t.agentTest.mute}
          look="secondary"
          onClick={() => talk.setMuted(!talk.muted)}
        >
          {talk.muted ? <MicOff aria-hidden="true" className="text-bad" /> : <Mic aria-hidden="true" />}
        </IconButton>
      )}
      <Button look="danger" onClick={talk.hangUp}>
        <PhoneOff aria-hidden="true" />
        <span className="max-sm:sr-only">{t.agentTest.end}</span>
      </Button>
    </div>
  );
}

interface BeginningProps {
  talk: Talk;
  mode: "text" | "voice";
  missing: readonly string[];
  onStart: () => void;
}

function Beginning({ talk, mode, missing, onStart }: BeginningProps) {
  const t = useText();
  const may = useMay("calls:write");
  return (
    <div className="flex flex-col gap-3">
      {talk.trouble && <Notice>{t.agentTest.troubles[talk.trouble]}</Notice>}
      {(talk.error ?? talk.broken) && <ErrorNotice error={new Error(talk.error || t.agentTest.broken)} />}
      <Ended talk={talk} />
      <Button
        look="primary"
        disabled={!may || missing.length > 0}
        busy={talk.phase === "starting"}
        onClick={onStart}
      >
        {mode === "voice" && <Mic aria-hidden="true" />}
        {talk.phase === "over" ? t.agentTest.again : t.agentTest.start[mode]}
      </Button>
      {!may && <p className="text-center text-sm text-ink-soft">{t.common.notAllowed}</p>}
      {missing.length > 0 && (
        <p className="text-center text-sm text-ink-soft">{t.agentTest.missing(missing.join(", "))}</p>
      )}
    </div>
  );
}

/** Why a conversation ended, and where it can be looked at. */
function Ended({ talk: { phase, reason, callId } }: { talk: Talk }) {
  const t = useText();
  const reasonText = useReasonText();
  if (phase !== "over" || !callId) return null;
  return (
    <p role="status" className="text-center text-sm text-ink-soft">
      {reasonText({ reason })}{" "}
      <Link
        to="/calls/$callId"
        params={{ callId }}
        className="font-medium whitespace-nowrap text-accent hover:underline"
      >
        {t.agentTest.seeCall}
      </Link>
    </p>
  );
}

function SayBox({ onSay, placeholder }: { onSay: (text: string) => void; placeholder: string }) {
  const t = useText();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    onSay(text.trim());
    setText("");
  };
  return (
    <form onSubmit={submit} className="flex min-w-0 flex-1 gap-2">
      <Input
        autoFocus
        aria-label={placeholder}
        placeholder={placeholder}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button look="primary" type="submit" size="icon" aria-label={t.agentTest.send}>
        <SendHorizontal aria-hidden="true" />
      </Button>
    </form>
  );
}
