import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import { Button } from "./Button";
import { useFocusReturn } from "./useFocusReturn";

interface DrawerProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  side?: "left" | "right";
  /** Leave the page behind it usable, and the focus to whoever closes it. */
  beside?: boolean;
  className?: string;
  children: ReactNode;
}

/** A panel at the edge of the page. */
export function Drawer({ open, onClose, title, side = "right", beside, className, children }: DrawerProps) {
  const t = useText();
  const { remember, goBack } = useFocusReturn();
  return (
    <Radix.Root open={open} onOpenChange={(wanted) => !wanted && onClose()} modal={!beside}>
      <Radix.Portal>
        {!beside && <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />}
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={remember}
          onCloseAutoFocus={beside ? (event) => event.preventDefault() : goBack}
          onInteractOutside={beside ? (event) => event.preventDefault() : undefined}
          className={cn(
            "fixed inset-y-0 z-50 flex w-full flex-col bg-raised shadow-raised",
            side === "right"
              ? "right-0 max-w-md animate-slide border-l border-line"
              : "left-0 max-w-72 animate-slide-left border-r border-line",
            beside && "sm:top-14",
            className,
          )}
        >
          <div className="flex items-center gap-2 border-b border-line px-4 py-3">
            <Radix.Title className="min-w-0 flex-1 truncate text-lg font-semibold">{title}</Radix.Title>
            <Radix.Close asChild>
              <Button look="quiet" size="icon-sm" aria-label={t.common.close}>
                <X aria-hidden="true" />
              </Button>
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
