import { cn } from "@/lib/classes";

/** How loud somebody is, 0 to 1. */
export function LevelMeter({
  label,
  value,
  className,
}: {
  label: string;
  value: number;
  className?: string;
}) {
  const level = Math.max(0, Math.min(1, value));
  return (
    <meter aria-label={label} min={0} max={1} value={level} className={cn("level", className)}>
      {Math.round(level * 100)} %
    </meter>
  );
}
