import { Wrench } from "lucide-react";
import { cn } from "@/lib/classes";
import { clock } from "@/lib/format";
import { useText } from "@/lib/i18n";
import type { Turn } from "@/queries/calls";

interface TurnLineProps {
  turn: Turn;
  agentName: string;
  current: boolean;
  marked: string;
  onSeek?: (seconds: number) => void;
}

const INKS = { agent: "text-accent", callee: "text-ink", tool: "text-ink-faint" } as const;

/** One thing said: when, by whom, what. Its time plays the recording from there. */
export function TurnLine({ turn, agentName, current, marked, onSeek }: TurnLineProps) {
  const t = useText();
  const time = clock(turn.at_seconds);
  const name = turn.role === "agent" ? agentName : t.calls.roles[turn.role];
  return (
    <div
      className={cn(
        "flex gap-2 border-l-2 py-2 pr-4 pl-1",
        current ? "border-accent bg-accent-soft" : "border-transparent",
      )}
    >
      {onSeek ? (
        <button
          type="button"
          aria-label={t.calls.seek(time)}
          onClick={() => onSeek(turn.at_seconds)}
          className="numeric h-6 touch:h-9 w-13 shrink-0 rounded px-1 text-right text-xs text-ink-soft hover:bg-hover hover:text-ink hover:underline"
        >
          {time}
        </button>
      ) : (
        <span className="numeric w-13 shrink-0 px-1 pt-1 text-right text-xs text-ink-soft">{time}</span>
      )}
      <div className="min-w-0 flex-1">
        <p className={cn("flex items-center gap-1.5 text-sm font-medium", INKS[turn.role])}>
          {turn.role === "tool" && <Wrench aria-hidden="true" className="size-3.5" />}
          <span className="truncate">{name}</span>
          {turn.interrupted && (
            <span className="text-xs font-normal text-ink-faint">{t.calls.interrupted}</span>
          )}
        </p>
        <p
          dir="auto"
          className={cn(
            "break-words whitespace-pre-wrap",
            turn.role === "tool" && "font-mono text-xs text-ink-soft",
          )}
        >
          <Marked text={turn.text} part={marked} />
        </p>
      </div>
    </div>
  );
}

function Marked({ text, part }: { text: string; part: string }) {
  if (!part) return text;
  const pieces: { from: number; text: string; hit: boolean }[] = [];
  const [whole, wanted] = [text.toLowerCase(), part.toLowerCase()];
  let end = 0;
  for (let found = whole.indexOf(wanted); found >= 0; found = whole.indexOf(wanted, end)) {
    pieces.push({ from: end, text: text.slice(end, found), hit: false });
    end = found + wanted.length;
    pieces.push({ from: found, text: text.slice(found, end), hit: true });
  }
  pieces.push({ from: end, text: text.slice(end), hit: false });
  return pieces.map(({ from, text: piece, hit }) =>
    hit ? (
      <mark key={`${from}hit`} className="rounded bg-warn-soft text-ink">
        {piece}
      </mark>
    ) : (
      <span key={from}>{piece}</span>
    ),
  );
}
