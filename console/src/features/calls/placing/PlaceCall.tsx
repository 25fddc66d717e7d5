import { PhoneOutgoing } from "lucide-react";
import { lazy, Suspense } from "react";
import { placing, startPlacing } from "@/components/shared/placing";
import { Button } from "@/components/ui/Button";
import { Tooltip } from "@/components/ui/Tooltip";
import { useText } from "@/lib/i18n";
import { useStore } from "@/lib/stored";
import { useMay } from "@/queries/me";

const PlaceCallDialog = lazy(() => import("./PlaceCallDialog"));

/** The header's button that places a call, and the dialog that anything may open. */
export function PlaceCall() {
  const t = useText();
  const may = useMay("calls:write");
  const known = useStore(placing);
  return (
    <>
      <Tooltip text={may ? t.placing.title : t.placing.rights}>
        <Button
          look="primary"
          aria-label={t.placing.title}
          aria-disabled={!may || undefined}
          onClick={() => may && startPlacing()}
        >
          <PhoneOutgoing aria-hidden="true" />
          <span className="hidden md:inline">{t.placing.short}</span>
        </Button>
      </Tooltip>
      {known && (
        <Suspense>
          <PlaceCallDialog known={known} onClose={() => placing.set(null)} />
        </Suspense>
      )}
    </>
  );
}
