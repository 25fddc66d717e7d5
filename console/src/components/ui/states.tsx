import { CircleAlert, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { Button } from "./Button";

/** Nothing is here yet: says what would be, and how to get there. */
export function EmptyState({
  icon,
  level: Heading = "h2",
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  /** `h1` where it is the whole page. */
  level?: "h1" | "h2";
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-16 text-center">
      {icon && (
        <span
          aria-hidden="true"
          className="mb-2 grid size-12 place-items-center rounded-xl bg-sunken text-ink-faint [&_svg]:size-6"
        >
          {icon}
        </span>
      )}
      <Heading className="text-lg font-semibold">{title}</Heading>
      {children && <div className="max-w-md text-ink-soft">{children}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

/** Something could not be fetched: what, why, and the way to try again. */
export function ErrorState({
  error,
  onRetry,
  compact,
}: {
  error: unknown;
  onRetry?: () => void;
  compact?: boolean;
}) {
  const t = useText();
  const problem = asProblem(error);
  return (
    <div
      role="alert"
      className={cn("flex flex-col items-center gap-2 px-6 text-center", compact ? "py-4" : "py-16")}
    >
      {!compact && <CircleAlert aria-hidden="true" className="size-8 text-bad" />}
      <p className="font-semibold">{problem.status === 0 ? t.errors.unreachableTitle : problem.title}</p>
      <p className="max-w-lg text-ink-soft">{problemText(problem, t.errors.unreachable)}</p>
      {problem.requestId && <p className="font-mono text-xs text-ink-faint">{problem.requestId}</p>}
      {onRetry && (
        <Button className="mt-2" onClick={onRetry}>
          <RotateCw aria-hidden="true" />
          {t.common.tryAgain}
        </Button>
      )}
    </div>
  );
}

/** A problem that stands above a form or a list. */
export function ErrorNotice({ error, className }: { error: unknown; className?: string }) {
  const t = useText();
  const problem = asProblem(error);
  return (
    <div role="alert" className={cn("flex gap-3 rounded-lg bg-bad-soft p-3 text-ink", className)}>
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />
      <p className="min-w-0 break-words">{problemText(problem, t.errors.unreachable)}</p>
    </div>
  );
}

/** Something to know that is no error. */
export function Notice({
  tone = "warn",
  icon,
  className,
  children,
}: {
  tone?: "warn" | "accent" | "good";
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const tones = { warn: "bg-warn-soft", accent: "bg-accent-soft", good: "bg-good-soft" };
  const inks = { warn: "text-warn", accent: "text-accent", good: "text-good" };
  return (
    <div className={cn("flex gap-3 rounded-lg p-3", tones[tone], className)}>
      <span aria-hidden="true" className={cn("mt-0.5 [&_svg]:size-4", inks[tone])}>
        {icon ?? <CircleAlert />}
      </span>
      <div className="min-w-0 flex-1 break-words">{children}</div>
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn("block animate-pulse rounded-md bg-sunken", className ?? "h-4 w-full")}
    />
  );
}

/** Lines that stand in for a list while it is fetched. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  const t = useText();
  return (
    <div role="status" className="flex flex-col gap-3 p-4">
      <span className="sr-only">{t.common.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <Skeleton key={row} className="h-8 w-full" />
      ))}
    </div>
  );
}

function problemText(problem: ReturnType<typeof asProblem>, unreachable: string): string {
  return problem.status === 0 ? unreachable : problem.message;
}
