import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { Button } from "@/components/ui/Button";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";

/** Shown instead of a page that failed: by the server's fault with a retry, by our own with a reload. */
export function RouteError({ error }: ErrorComponentProps) {
  const t = useText();
  if (asProblem(error).code !== "page-fault") {
    return <ErrorState error={error} onRetry={() => window.location.reload()} />;
  }
  return (
    <div role="alert">
      <EmptyState
        level="h1"
        title={t.errors.pageFault}
        action={<Button onClick={() => window.location.reload()}>{t.errors.reload}</Button>}
      >
        <p>{t.errors.pageFaultText}</p>
        <p className="mt-2 font-mono text-xs break-words">{asProblem(error).message}</p>
      </EmptyState>
    </div>
  );
}

export function NotFound() {
  const t = useText();
  return (
    <EmptyState
      icon={<Compass />}
      level="h1"
      title={t.errors.notFoundTitle}
      action={
        <Button asChild>
          <Link to="/">{t.errors.goHome}</Link>
        </Button>
      }
    >
      {t.errors.notFound}
    </EmptyState>
  );
}
