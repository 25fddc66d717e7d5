import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import { Button } from "./Button";
import { useFocusReturn } from "./useFocusReturn";

const WIDTHS = { sm: "max-w-md", md: "max-w-xl", lg: "max-w-4xl" } as const;

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  width?: keyof typeof WIDTHS;
  /** Buttons at the bottom, the main one last. */
  footer?: ReactNode;
  children?: ReactNode;
}

export function Dialog({ open, onClose, title, description, width = "sm", footer, children }: DialogProps) {
  const t = useText();
  const { remember, goBack } = useFocusReturn();
  return (
    <Radix.Root open={open} onOpenChange={(wanted) => !wanted && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={(event) => {
            remember();
            focusOnWork(event);
          }}
          onCloseAutoFocus={goBack}
          className={cn(
            "fixed z-50 flex max-h-[88dvh] w-full animate-rise flex-col focus:outline-none bg-raised shadow-raised",
            "inset-x-0 bottom-0 rounded-t-xl sm:inset-x-4 sm:top-[6dvh] sm:bottom-auto sm:mx-auto sm:w-auto sm:rounded-xl",
            WIDTHS[width],
          )}
        >
          <header className="flex items-start gap-4 px-6 pt-5 pb-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-1 text-ink-soft">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <Button look="quiet" size="icon-sm" aria-label={t.common.close}>
                <X aria-hidden="true" />
              </Button>
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-5">{children}</div>
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-6 py-3">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const WORK = "[data-autofocus], input:not([type=radio]):not([type=checkbox]), textarea, select";

/** The keyboard begins where the work is, not at the cross. */
function focusOnWork(event: Event): void {
  event.preventDefault();
  const content = event.currentTarget as HTMLElement;
  (content.querySelector<HTMLElement>(WORK) ?? content).focus();
}

interface ConfirmProps {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  action: string;
  busy?: boolean;
  danger?: boolean;
  children: ReactNode;
}

/** Asks before something that cannot be undone; `children` say what will happen. */
export function ConfirmDialog({
  open,
  onClose,
  onConfirm,
  title,
  action,
  busy,
  danger,
  children,
}: ConfirmProps) {
  const t = useText();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look={danger ? "danger" : "primary"} onClick={onConfirm} busy={busy ?? false}>
            {action}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
