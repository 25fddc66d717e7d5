import { type ReactNode, useEffect, useRef } from "react";
import { cn } from "@/lib/classes";

interface LogProps {
  label: string;
  /** When this changes the end comes into view. */
  tail: unknown;
  className?: string;
  children: ReactNode;
}

/** Lines that come one after another; the newest stays in view, and screen readers tell it. */
export function Log({ label, tail, className, children }: LogProps) {
  const frame = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new tail scrolls
  useEffect(() => {
    void frame.current?.scrollTo({ top: frame.current.scrollHeight });
  }, [tail]);
  return (
    <div
      ref={frame}
      role="log"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable for the keyboard
      tabIndex={0}
      className={cn("flex flex-col overflow-y-auto p-4 focus-visible:-outline-offset-2", className)}
    >
      {children}
    </div>
  );
}
