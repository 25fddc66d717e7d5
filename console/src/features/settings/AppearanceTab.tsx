import { Monitor, Moon, Rows3, Rows4, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { Combobox } from "@/components/ui/Combobox";
import { Field } from "@/components/ui/Field";
import { Card } from "@/components/ui/Page";
import { Segments } from "@/components/ui/Tabs";
import { LOCALE_NAMES, LOCALES, locale, useText } from "@/lib/i18n";
import { useStore } from "@/lib/stored";
import { DENSITIES, type Density, density, THEMES, type Theme, theme } from "@/lib/theme";
import { chosenZone, machineZone, ZONES } from "@/lib/zone";

const THEME_ICONS: Record<Theme, ReactNode> = {
  system: <Monitor aria-hidden="true" />,
  light: <Sun aria-hidden="true" />,
  dark: <Moon aria-hidden="true" />,
};
const DENSITY_ICONS: Record<Density, ReactNode> = {
  comfortable: <Rows3 aria-hidden="true" />,
  compact: <Rows4 aria-hidden="true" />,
};

/** How the console looks and speaks in this browser. */
export function AppearanceTab() {
  const t = useText();
  const zone = useStore(chosenZone);
  const zones = ZONES.map((name) => ({
    value: name,
    label: name ? name.replaceAll("_", " ") : t.settings.machineZone(machineZone),
  }));
  return (
    <Card>
      <div className="flex max-w-xl flex-col gap-6">
        <p className="text-ink-soft">{t.settings.appearanceText}</p>
        <Choice label={t.shell.theme}>
          <Segments
            label={t.shell.theme}
            value={useStore(theme)}
            onValue={theme.set}
            choices={THEMES.map((id) => ({ id, name: [THEME_ICONS[id], t.shell.themes[id]] }))}
          />
        </Choice>
        <Choice label={t.common.language}>
          <Segments
            label={t.common.language}
            value={useStore(locale)}
            onValue={locale.set}
            choices={LOCALES.map((id) => ({ id, name: LOCALE_NAMES[id] }))}
          />
        </Choice>
        <Choice label={t.settings.density}>
          <Segments
            label={t.settings.density}
            value={useStore(density)}
            onValue={density.set}
            choices={DENSITIES.map((id) => ({ id, name: [DENSITY_ICONS[id], t.settings.densities[id]] }))}
          />
        </Choice>
        <Field label={t.settings.zone} hint={t.settings.zoneHint}>
          <Combobox
            value={zone}
            onValue={chosenZone.set}
            options={zones}
            placeholder={t.settings.findZone}
            emptyText={t.common.nothingFound}
          />
        </Field>
      </div>
    </Card>
  );
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <p aria-hidden="true" className="text-sm font-medium">
        {label}
      </p>
      {children}
    </div>
  );
}
