import { Wrench } from "lucide-react";
import { Fragment } from "react";
import { Log } from "@/components/ui/Log";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import type { TalkState } from "./talkState";

/** What both sides say, as it is said. */
export function Captions({ talk, empty }: { talk: TalkState; empty: string }) {
  const t = useText();
  const tail = `${talk.captions.length} ${talk.captions.at(-1)?.text} ${talk.agent}`;
  return (
    <Log label={t.agentTest.conversation} tail={tail} className="h-[26rem] max-h-[50dvh] gap-3">
      {talk.captions.length === 0 && <p className="m-auto max-w-sm text-center text-ink-soft">{empty}</p>}
      {talk.captions.map(({ turn, role, text, final }) => (
        <Fragment key={`${role}${turn}`}>
          <div
            className={cn("flex max-w-[85%] flex-col gap-0.5", role === "callee" ? "self-end" : "self-start")}
          >
            <span className={cn("text-xs text-ink-faint", role === "callee" && "text-right")}>
              {role === "callee" ? t.agentTest.you : t.agentTest.agent}
            </span>
            <p
              dir="auto"
              className={cn(
                "rounded-xl px-3 py-2 break-words whitespace-pre-wrap",
                role === "callee" ? "rounded-br-sm bg-accent text-on-accent" : "rounded-bl-sm bg-sunken",
                !final && "italic",
              )}
            >
              {text}
            </p>
          </div>
          {talk.tools
            .filter((tool) => tool.after === turn)
            .map((tool) => (
              <p
                key={tool.id}
                className={cn("flex items-center gap-2 text-sm", tool.failed ? "text-bad" : "text-ink-soft")}
              >
                <Wrench aria-hidden="true" className="size-4" />
                {tool.failed ? t.agentTest.toolFailed(tool.name) : t.agentTest.toolUsed(tool.name)}
              </p>
            ))}
        </Fragment>
      ))}
      {talk.agent === "thinking" && <p className="animate-pulse text-ink-faint">…</p>}
    </Log>
  );
}
