import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Input, Select } from "@/components/ui/inputs";
import { useText } from "@/lib/i18n";
import { TELEPHONE } from "@/lib/telephone";
import { healthQuery } from "@/queries/health";
import { type CheckedNumber, type CountryCode, checkNumber, countries, countryName } from "./number";

const PAUSE_MS = 700;
const PEOPLE = [
  { number: "+14155550100", who: "talks" },
  { number: TELEPHONE, who: "dock" },
  { number: "+14155550108", who: "interrupts" },
  { number: "+14155550104", who: "voicemail" },
  { number: "+14155550101", who: "busy" },
  { number: "+14155550102", who: "silent" },
] as const;

interface NumberFieldProps {
  value: string;
  onValue: (value: string) => void;
  country: CountryCode;
  onCountry: (country: CountryCode) => void;
  /** Problems are told at once; before that, when typing pauses. */
  tried: boolean;
  refusal: string | undefined;
}

/** The number to call: checked while it is typed, with its country, and who lives in the sandbox. */
export function NumberField({ value, onValue, country, onCountry, tried, refusal }: NumberFieldProps) {
  const t = useText();
  const { data: health } = useQuery(healthQuery);
  const international = value.trim().startsWith("+");
  const all = useMemo(countries, []);
  const checked = checkNumber(value, country);
  const paused = usePaused(value);
  const problem = useProblem(value, checked, tried, paused);
  const sandboxed = health?.providers.some(({ kind, sandboxed }) => kind === "carrier" && sandboxed);
  const found =
    checked.country && checked.written ? `${countryName(checked.country)} · ${checked.written}` : null;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-col items-start gap-3 sm:flex-row">
        <Field
          className="w-full min-w-0 sm:flex-1"
          label={t.placing.number}
          error={refusal ?? problem}
          hint={<span aria-live="polite">{problem ? null : (found ?? t.placing.numberHint)}</span>}
        >
          <Input
            type="tel"
            autoComplete="off"
            autoFocus
            maxLength={40}
            placeholder="+1 415 555 0100"
            className="numeric"
            value={value}
            onChange={(event) => onValue(event.target.value)}
          />
        </Field>
        <Field className="w-full sm:w-52" label={t.placing.country}>
          <Select
            value={international ? (checked.country ?? "") : country}
            disabled={international}
            onChange={(event) => onCountry(event.target.value as CountryCode)}
          >
            {international && !checked.country && <option value="">–</option>}
            {all.map(({ country: one, name, code }) => (
              <option key={one} value={one}>
                {name} ({code})
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {checked.unreal && paused && (
        <p className="flex items-start gap-1.5 text-sm text-warn">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          {t.placing.problems.unreal(countryName(checked.country ?? country))}
        </p>
      )}
      {sandboxed && (
        <fieldset className="flex flex-wrap items-center gap-1.5">
          <legend className="mb-1.5 text-xs text-ink-faint">{t.placing.people}</legend>
          {PEOPLE.filter(({ who }) => who !== "dock" || health?.telephone).map(({ number, who }) => (
            <Button key={number} size="sm" aria-pressed={value === number} onClick={() => onValue(number)}>
              {t.placing.person[who]}
            </Button>
          ))}
        </fieldset>
      )}
    </div>
  );
}

function useProblem(typed: string, checked: CheckedNumber, tried: boolean, paused: boolean): string | null {
  const t = useText();
  if (!typed.trim()) return tried ? t.placing.numberNeeded : null;
  return checked.problem && (tried || paused) ? t.placing.problems[checked.problem] : null;
}

/** Has the text stayed the same for a moment? */
function usePaused(text: string): boolean {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  return settled === text;
}
