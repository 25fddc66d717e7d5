import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Keyboard, Mic, MicOff, Phone, PhoneIncoming, PhoneOff, SendHorizontal, X } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { Button } from "@/components/ui/Button";
import { IconButton } from "@/components/ui/IconButton";
import { Input } from "@/components/ui/inputs";
import { LevelMeter } from "@/components/ui/LevelMeter";
import { Log } from "@/components/ui/Log";
import { Notice } from "@/components/ui/states";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import { useStore } from "@/lib/stored";
import { TELEPHONE, telephoneOpen } from "@/lib/telephone";
import { healthQuery } from "@/queries/health";
import { useMay } from "@/queries/me";
import { useTelephone } from "./useTelephone";

/** The telephone of the sandbox: a button in the header, and a dock that opens when it rings. */
export function TelephoneDock() {
  const t = useText();
  const may = useMay("calls:write");
  const { data: health } = useQuery(healthQuery);
  const telephone = useTelephone(may && health?.telephone === true);
  const open = useStore(telephoneOpen);
  const { phase } = telephone;
  useEffect(() => {
    if (phase === "ringing") telephoneOpen.set(true);
  }, [phase]);
  if (phase === "unplugged") return null;
  return (
    <>
      <IconButton label={t.shell.openTelephone} aria-pressed={open} onClick={() => telephoneOpen.set(!open)}>
        <Phone aria-hidden="true" className={cn(phase === "ringing" && "animate-bounce text-good")} />
      </IconButton>
      {open && (
        <section
          aria-label={t.shell.telephone}
          className="fixed right-0 bottom-0 z-30 flex max-h-[70dvh] w-full animate-rise flex-col rounded-t-xl border border-line bg-raised shadow-raised sm:right-6 sm:w-80"
        >
          <header className="flex items-center gap-2 border-b border-line px-4 py-2">
            <Phone aria-hidden="true" className="size-4 text-ink-faint" />
            <h2 className="flex-1 font-semibold">{t.shell.telephone}</h2>
            <span className="numeric text-xs text-ink-faint">{TELEPHONE}</span>
            <IconButton label={t.common.close} size="icon-sm" onClick={() => telephoneOpen.set(false)}>
              <X aria-hidden="true" />
            </IconButton>
          </header>
          <DockBody telephone={telephone} />
        </section>
      )}
    </>
  );
}

function DockBody({ telephone }: { telephone: ReturnType<typeof useTelephone> }) {
  const t = useText();
  const { phase, from, reason, callId } = telephone;
  const endedBy: Partial<Record<string, string>> = t.telephone.endedBy;
  if (phase === "ringing") {
    return (
      <div role="alert" className="flex flex-col items-center gap-4 p-6 text-center">
        <PhoneIncoming aria-hidden="true" className="size-8 animate-bounce text-good" />
        <p>
          <span className="block text-lg font-semibold">{t.telephone.ringing}</span>
          <span className="numeric text-ink-soft">{from}</span>
        </p>
        <div className="flex w-full flex-col gap-2">
          <Button look="primary" onClick={() => telephone.answer(true)}>
            <Mic aria-hidden="true" />
            {t.telephone.answerByVoice}
          </Button>
          <Button onClick={() => telephone.answer(false)}>
            <Keyboard aria-hidden="true" />
            {t.telephone.answerByTyping}
          </Button>
          <Button look="quiet" className="text-bad" onClick={telephone.decline}>
            <PhoneOff aria-hidden="true" />
            {t.telephone.decline}
          </Button>
        </div>
      </div>
    );
  }
  if (phase === "idle") return <p className="p-6 text-center text-ink-soft">{t.telephone.idle(TELEPHONE)}</p>;
  return (
    <>
      <Said telephone={telephone} />
      {phase === "answered" ? (
        <InCall telephone={telephone} />
      ) : (
        <div className="flex items-center justify-between gap-2 border-t border-line p-3">
          <p role="status" className="min-w-0 flex-1 text-ink-soft">
            {t.telephone.ended}. {reason && endedBy[reason]}
          </p>
          {callId && (
            <Button size="sm" asChild>
              <Link to="/calls/$callId" params={{ callId }}>
                {t.telephone.seeCall}
              </Link>
            </Button>
          )}
          <Button size="sm" look="quiet" onClick={telephone.putAway}>
            {t.common.close}
          </Button>
        </div>
      )}
    </>
  );
}

function Said({ telephone }: { telephone: ReturnType<typeof useTelephone> }) {
  const t = useText();
  const { lines } = telephone;
  return (
    <Log label={t.telephone.said} tail={lines.length} className="min-h-32 flex-1 gap-2">
      {lines.length === 0 && <p className="m-auto text-ink-soft">{t.telephone.silence}</p>}
      {lines.map(({ id, who, text }) => (
        <p
          key={id}
          dir="auto"
          className={cn(
            "max-w-[85%] rounded-xl px-3 py-1.5 break-words",
            who === "callee" ? "self-end bg-accent text-on-accent" : "self-start bg-sunken",
          )}
        >
          <span className="sr-only">{who === "callee" ? t.agentTest.you : t.agentTest.agent}: </span>
          {text}
        </p>
      ))}
    </Log>
  );
}

function InCall({ telephone }: { telephone: ReturnType<typeof useTelephone> }) {
  const t = useText();
  const [text, setText] = useState("");
  const { listens, trouble, loudness } = telephone;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    telephone.say(text.trim());
    setText("");
  };
  return (
    <div className="flex flex-col gap-2 border-t border-line p-3">
      {trouble && <Notice>{t.agentTest.troubles[trouble]}</Notice>}
      <LevelMeter label={t.agentTest.agent} value={loudness} className="h-1" />
      <form onSubmit={submit} className="flex gap-2">
        <Input
          autoFocus
          aria-label={t.telephone.say}
          placeholder={t.telephone.say}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" look="primary" size="icon" aria-label={t.agentTest.send}>
          <SendHorizontal aria-hidden="true" />
        </Button>
      </form>
      <div className="flex gap-2">
        <Button
          className="flex-1"
          aria-pressed={listens}
          onClick={() => void telephone.setListening(!listens)}
        >
          {listens ? <Mic aria-hidden="true" className="text-good" /> : <MicOff aria-hidden="true" />}
          {listens ? t.agentTest.mute : t.agentTest.unmute}
        </Button>
        <Button look="danger" onClick={telephone.hangUp}>
          <PhoneOff aria-hidden="true" />
          {t.telephone.hangUp}
        </Button>
      </div>
    </div>
  );
}
