import { Link } from "@tanstack/react-router";
import { CircleCheck, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Ago } from "@/components/shared/Ago";
import { PlatformMark } from "@/components/shared/marks";
import { Card } from "@/components/ui/Page";
import { useText } from "@/lib/i18n";
import type { Summary } from "@/queries/metrics";

type Problem = Summary["problems"][number];

/** What went wrong lately, with the way to it. */
export function Problems({ problems }: { problems: readonly Problem[] }) {
  const t = useText();
  return (
    <Card title={t.home.problems} flush>
      {problems.length === 0 ? (
        <p className="flex items-center gap-2 p-4 text-ink-soft">
          <CircleCheck aria-hidden="true" className="size-4 text-good" />
          {t.home.problemsNone}
        </p>
      ) : (
        <ul>
          {problems.map((problem) => (
            <li
              key={`${problem.at} ${problem.kind} ${problem.call_id ?? problem.agent_id}`}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2.5 last:border-0"
            >
              <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-warn" />
              <span className="min-w-0 flex-1 basis-60 break-words">{problem.text}</span>
              {problem.platform && <PlatformMark platform={problem.platform} />}
              <span className="w-28 text-right text-sm text-ink-faint">
                <Ago at={problem.at} />
              </span>
              <Target problem={problem} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Target({ problem: { call_id, agent_id, text } }: { problem: Problem }): ReactNode {
  const t = useText();
  const look = "w-28 text-right text-sm font-medium text-accent hover:underline";
  if (call_id) {
    return (
      <Link
        to="/calls/$callId"
        params={{ callId: call_id }}
        className={look}
        aria-label={`${t.home.seeCall}: ${text}`}
      >
        {t.home.seeCall}
      </Link>
    );
  }
  if (!agent_id) return <span className="w-28" />;
  return (
    <Link
      to="/agents/$agentId"
      params={{ agentId: agent_id }}
      className={look}
      aria-label={`${t.home.seeAgent}: ${text}`}
    >
      {t.home.seeAgent}
    </Link>
  );
}
