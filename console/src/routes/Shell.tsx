import { Outlet, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { PlaceCall } from "@/features/calls/placing/PlaceCall";
import { AppShell } from "@/features/shell/AppShell";
import { TelephoneDock } from "@/features/telephone/TelephoneDock";
import { useStore } from "@/lib/stored";
import { signedOut } from "@/queries/client";

/** The shell around a page; leads to the sign-in page when the session has ended. */
export function Shell() {
  const out = useStore(signedOut);
  const navigate = useNavigate();
  useEffect(() => {
    if (!out) return;
    const next = window.location.pathname + window.location.search;
    void navigate({ to: "/sign-in", search: { next, expired: true } });
  }, [out, navigate]);
  return (
    <AppShell
      tools={
        <>
          <TelephoneDock />
          <PlaceCall />
        </>
      }
    >
      <Outlet />
    </AppShell>
  );
}
