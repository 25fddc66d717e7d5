import type { ReactNode } from "react";
import { useEffect, useId } from "react";
import { cn } from "@/lib/classes";

interface PageProps {
  title: string;
  /** Beside the title: marks and states. */
  marks?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** Lists use the whole width, forms and texts a readable one. */
  wide?: boolean;
  children: ReactNode;
}

/** The frame of every page: the heading, its actions, the content. Names the browser's tab as well. */
export function Page({ title, marks, description, actions, wide, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Switchboard`;
  }, [title]);
  return (
    <div
      className={cn(
        "mx-auto flex w-full flex-col gap-6 px-4 py-6 sm:px-8 compact:gap-4 compact:py-4",
        wide ? "max-w-[1440px]" : "max-w-5xl",
      )}
    >
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="min-w-0 text-xl font-semibold break-words">{title}</h1>
            {marks}
          </div>
          {description && <p className="mt-1 text-ink-soft">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page with a frame and, if it has one, a heading. */
export function Card({
  id: anchor,
  title,
  actions,
  className,
  flush,
  children,
}: {
  /** Where something may lead to. */
  id?: string;
  title?: ReactNode;
  actions?: ReactNode;
  className?: string /** Content reaches the frame. */;
  flush?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      id={anchor}
      tabIndex={anchor ? -1 : undefined}
      aria-labelledby={title ? id : undefined}
      className={cn("rounded-xl border border-line bg-surface", flush && "overflow-clip", className)}
    >
      {title && (
        <header className="flex min-h-12 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {actions}
        </header>
      )}
      <div className={cn(!flush && "p-4 compact:p-3")}>{children}</div>
    </section>
  );
}
