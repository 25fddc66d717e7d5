import { OctagonAlert, TriangleAlert } from "lucide-react";
import { cn } from "@/lib/classes";
import type { Alert } from "@/queries/metrics";

/** What a person should look at now, each with what to do. Nothing when all is well. */
export function AlertList({ alerts, label }: { alerts: readonly Alert[]; label: string }) {
  if (alerts.length === 0) return null;
  return (
    <ul aria-label={label} className="flex flex-col gap-2">
      {alerts.map((alert) => {
        const critical = alert.severity === "critical";
        const Icon = critical ? OctagonAlert : TriangleAlert;
        return (
          <li
            key={`${alert.code} ${alert.provider ?? ""}`}
            className={cn("flex gap-3 rounded-lg p-3", critical ? "bg-bad-soft" : "bg-warn-soft")}
          >
            <Icon
              aria-hidden="true"
              className={cn("mt-0.5 size-4 shrink-0", critical ? "text-bad" : "text-warn")}
            />
            <p className="min-w-0 break-words">
              <span className="font-medium">{alert.text}</span>{" "}
              <span className="text-ink-soft">{alert.what_to_do}</span>
            </p>
          </li>
        );
      })}
    </ul>
  );
}
