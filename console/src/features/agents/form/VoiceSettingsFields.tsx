import { platformName } from "@/components/shared/marks";
import { Field } from "@/components/ui/Field";
import { Slider } from "@/components/ui/inputs";
import { decimal } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { hasVoiceSettings } from "./draft";
import { useAgentForm } from "./FormContext";

const RANGES = { speed: [0.7, 1.2, 1], stability: [0, 1, 0.5], similarity: [0, 1, 0.75] } as const;
const NAMES = ["speed", "stability", "similarity"] as const;

/** How the voice speaks. What was never moved is the platform's own value. */
export function VoiceSettingsFields() {
  const t = useText();
  const { draft, set, readOnly } = useAgentForm();
  if (!hasVoiceSettings(draft.platform)) {
    return (
      <p className="text-xs text-ink-faint">{t.agentForm.noVoiceSettings(platformName(draft.platform))}</p>
    );
  }
  return NAMES.map((name) => {
    const [min, max, usual] = RANGES[name];
    const value = draft.voice_settings[name] ?? null;
    const change = (next: number | null) =>
      set({ voice_settings: { ...draft.voice_settings, [name]: next } });
    return (
      <Field
        key={name}
        label={t.agentForm.voiceSettings[name]}
        aside={
          value === null ? (
            t.agentForm.platformValue
          ) : (
            <>
              {decimal(value)}{" "}
              <button type="button" className="underline" disabled={readOnly} onClick={() => change(null)}>
                {t.agentForm.reset}
              </button>
            </>
          )
        }
      >
        <Slider
          min={min}
          max={max}
          value={value ?? usual}
          disabled={readOnly}
          onValue={change}
          dimmed={value === null}
        />
      </Field>
    );
  });
}
