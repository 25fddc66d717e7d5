import { TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/Button";
import { CopyText } from "@/components/ui/CopyText";
import { Dialog } from "@/components/ui/Dialog";
import { Notice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import type { NewKey } from "@/queries/keys";

/** Shows a new key's secret, once. */
export function SecretDialog({ made, onClose }: { made: NewKey | null; onClose: () => void }) {
  const t = useText();
  if (!made) return null;
  const tried = `curl '${window.location.origin}/api/v1/me' -H 'X-API-Key: ${made.secret}'`;
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={t.developers.secretTitle}
      footer={
        <Button look="primary" onClick={onClose}>
          {t.developers.secretDone}
        </Button>
      }
    >
      <Notice icon={<TriangleAlert />}>{t.developers.secretText}</Notice>
      <p data-secret className="mt-4 rounded-lg bg-sunken p-3">
        <CopyText text={made.secret} />
      </p>
      <p className="mt-4 mb-1.5 text-sm font-medium">{t.developers.tryIt}</p>
      <p className="rounded-lg bg-sunken p-3">
        <CopyText text={tried} />
      </p>
    </Dialog>
  );
}
