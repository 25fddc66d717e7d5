import { Button } from "@/components/ui/Button";
import { CopyText } from "@/components/ui/CopyText";
import { Dialog } from "@/components/ui/Dialog";
import { dateTime } from "@/lib/format";
import { useText } from "@/lib/i18n";
import type { MadeLink } from "./UsersPage";

/** Shows a one-time link, once. */
export function LinkDialog({ made, onClose }: { made: MadeLink | null; onClose: () => void }) {
  const t = useText();
  if (!made) return null;
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={t.users.linkTitle(made.name)}
      description={t.users.linkText}
      footer={
        <Button look="primary" onClick={onClose}>
          {t.users.done}
        </Button>
      }
    >
      <p className="rounded-lg bg-sunken p-3">
        <CopyText text={window.location.origin + made.link.path} />
      </p>
      <p className="mt-3 text-sm text-ink-soft">{t.users.linkUntil(dateTime(made.link.expires_at))}</p>
    </Dialog>
  );
}
