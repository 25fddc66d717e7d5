import { Slot } from "radix-ui";
import type { ComponentProps, MouseEvent } from "react";
import { toast } from "sonner";
import { cn } from "@/lib/classes";
import { Spinner } from "./Spinner";
import { Tooltip } from "./Tooltip";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "border border-line-strong/60 bg-surface text-ink hover:bg-hover",
  quiet: "text-ink-soft hover:bg-hover hover:text-ink",
  danger: "bg-bad text-on-bad hover:opacity-90",
} as const;

const SIZES = {
  md: "h-9 touch:h-11 gap-2 px-3 text-base",
  sm: "h-7 touch:h-9 gap-1.5 px-2 text-sm",
  icon: "size-9 touch:size-11 justify-center",
  "icon-sm": "size-7 touch:size-9 justify-center",
} as const;

interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
  /** Give the looks to the one child, such as a link. */
  asChild?: boolean;
  /** Work is going on: shows it and takes no clicks. */
  busy?: boolean;
  /** Why it cannot be used now. It stays within reach, and tells. */
  blocked?: string | false | null;
}

export function Button({
  look = "secondary",
  size = "md",
  asChild,
  busy,
  blocked,
  className,
  children,
  ...rest
}: ButtonProps) {
  const classes = cn(
    "inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap select-none transition-colors",
    "disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
    LOOKS[look],
    SIZES[size],
    className,
  );
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  if (blocked) {
    const tell = (click: MouseEvent) => {
      click.preventDefault();
      toast.info(blocked);
    };
    return (
      <Tooltip text={blocked}>
        <button
          type="button"
          className={classes}
          {...rest}
          aria-disabled
          aria-description={blocked}
          onClick={tell}
        >
          {children}
        </button>
      </Tooltip>
    );
  }
  const idle = rest.disabled || busy;
  return (
    <button type="button" className={classes} {...rest} disabled={idle} aria-busy={busy || undefined}>
      {busy && <Spinner />}
      {children}
    </button>
  );
}
