import type { ComponentProps, ReactNode } from "react";
import { Button } from "./Button";
import { Tooltip } from "./Tooltip";

/** A button that is only a picture; `label` names it for everybody. */
export function IconButton({
  label,
  children,
  size = "icon",
  look = "quiet",
  ...rest
}: { label: string; children: ReactNode } & Omit<ComponentProps<typeof Button>, "children" | "aria-label">) {
  return (
    <Tooltip text={rest.blocked ? null : label}>
      <Button look={look} size={size} aria-label={label} {...rest}>
        {children}
      </Button>
    </Tooltip>
  );
}
