import { useQuery } from "@tanstack/react-query";
import { platformName } from "@/components/shared/marks";
import { Field } from "@/components/ui/Field";
import { Input, Select, Switch, Textarea } from "@/components/ui/inputs";
import { TemplateBox } from "@/components/ui/TemplateBox";
import { useText } from "@/lib/i18n";
import { agentsFound } from "@/queries/agents";
import { useAgentForm } from "./FormContext";

/** What most agents leave as it is. */
export function AdvancedSection() {
  const t = useText();
  const { draft, set, part, setPart, error, readOnly } = useAgentForm();
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Field label={t.agentForm.model} hint={t.agentForm.modelHint} error={error("model")}>
        <Input
          value={part.model ?? ""}
          readOnly={readOnly}
          placeholder={t.agentForm.platformValue}
          onChange={(event) => setPart({ model: event.target.value || null })}
        />
      </Field>
      <Field label={t.agentForm.temperature} hint={t.agentForm.temperatureHint} error={error("temperature")}>
        <NumberInput
          min={0}
          max={2}
          step={0.1}
          value={draft.temperature ?? null}
          placeholder={t.agentForm.platformValue}
          onValue={(temperature) => set({ temperature })}
        />
      </Field>
      <Field label={t.agentForm.longest} hint={t.agentForm.longestHint} error={error("max_duration_seconds")}>
        <NumberInput
          min={10}
          max={7200}
          step={1}
          value={draft.max_duration_seconds}
          onValue={(seconds) => set({ max_duration_seconds: seconds ?? 600 })}
        />
      </Field>
      <div className="flex items-center justify-between gap-4 self-start rounded-lg border border-line px-3 py-2.5">
        <span>
          <span className="block text-sm font-medium">{t.agentForm.recording}</span>
          <span className="text-xs text-ink-faint">{t.agentForm.recordingHint}</span>
        </span>
        <Switch
          label={t.agentForm.recording}
          checked={draft.recording}
          disabled={readOnly}
          onCheckedChange={(recording) => set({ recording })}
        />
      </div>
      <InactivityFields />
      <VoicemailFields />
      <TwinField />
      <Field label={t.agentForm.tags} hint={t.agentForm.tagsHint} error={error("tags")}>
        <Input
          defaultValue={draft.tags.join(", ")}
          readOnly={readOnly}
          onBlur={(event) => set({ tags: commaSeparated(event.target.value) })}
        />
      </Field>
      <Field
        label={t.agentForm.options(platformName(draft.platform))}
        hint={t.agentForm.optionsHint}
        error={error("platform_options")}
        className="sm:col-span-2"
      >
        <Textarea
          value={part.platform_options}
          readOnly={readOnly}
          spellCheck={false}
          rows={4}
          className="font-mono text-sm"
          onChange={(event) => setPart({ platform_options: event.target.value })}
        />
      </Field>
    </div>
  );
}

function InactivityFields() {
  const t = useText();
  const { draft, set, error, errorBelow, readOnly } = useAgentForm();
  const { inactivity } = draft;
  return (
    <fieldset className="flex flex-col gap-3 rounded-lg border border-line p-3">
      <div className="flex items-center justify-between gap-4">
        <span>
          <span className="block text-sm font-medium">{t.agentForm.inactivity}</span>
          <span className="text-xs text-ink-faint">{t.agentForm.inactivityHint}</span>
        </span>
        <Switch
          label={t.agentForm.inactivity}
          checked={inactivity !== null}
          disabled={readOnly}
          onCheckedChange={(on) =>
            set({ inactivity: on ? { after_seconds: 10, message: "", end_call: false } : null })
          }
        />
      </div>
      {inactivity && (
        <>
          <Field label={t.agentForm.afterSeconds} error={error("inactivity.after_seconds")}>
            <NumberInput
              min={1}
              max={600}
              step={1}
              value={inactivity.after_seconds}
              onValue={(seconds) => set({ inactivity: { ...inactivity, after_seconds: seconds ?? 10 } })}
            />
          </Field>
          <Field label={t.agentForm.saysThen} error={error("inactivity.message") ?? errorBelow("inactivity")}>
            <TemplateBox
              value={inactivity.message ?? ""}
              readOnly={readOnly}
              onValue={(message) => set({ inactivity: { ...inactivity, message } })}
              height="min-h-12 max-h-32"
            />
          </Field>
          <div className="flex items-center justify-between gap-4 text-sm">
            {t.agentForm.endsCall}
            <Switch
              label={t.agentForm.endsCall}
              checked={inactivity.end_call ?? false}
              disabled={readOnly}
              onCheckedChange={(end_call) => set({ inactivity: { ...inactivity, end_call } })}
            />
          </div>
        </>
      )}
    </fieldset>
  );
}

const ACTIONS = ["ignore", "hang_up", "leave_message"] as const;

function VoicemailFields() {
  const t = useText();
  const { draft, set, errorBelow, readOnly } = useAgentForm();
  const { voicemail } = draft;
  const action = voicemail?.action ?? "ignore";
  return (
    <fieldset className="flex flex-col gap-3 rounded-lg border border-line p-3">
      <Field label={t.agentForm.voicemail} hint={t.agentForm.voicemailHint} error={errorBelow("voicemail")}>
        <Select
          value={action}
          disabled={readOnly}
          onChange={(event) => {
            const chosen = ACTIONS.find((one) => one === event.target.value) ?? "ignore";
            set({
              voicemail: {
                action: chosen,
                message: chosen === "leave_message" ? (voicemail?.message ?? "") : "",
              },
            });
          }}
        >
          {ACTIONS.map((one) => (
            <option key={one} value={one}>
              {t.agentForm.voicemailActions[one]}
            </option>
          ))}
        </Select>
      </Field>
      {action === "leave_message" && (
        <Field label={t.agentForm.saysThen}>
          <TemplateBox
            value={voicemail?.message ?? ""}
            readOnly={readOnly}
            onValue={(message) => set({ voicemail: { action, message } })}
            height="min-h-12 max-h-32"
          />
        </Field>
      )}
    </fieldset>
  );
}

function TwinField() {
  const t = useText();
  const { draft, part, setPart, error, readOnly } = useAgentForm();
  const { data: agents = [] } = useQuery(agentsFound(""));
  const others = agents.filter((agent) => agent.platform !== draft.platform);
  const known = others.some((agent) => agent.id === part.fallback_agent_id);
  return (
    <Field label={t.agentForm.twin} hint={t.agentForm.twinHint} error={error("fallback_agent_id")}>
      <Select
        value={part.fallback_agent_id ?? ""}
        disabled={readOnly}
        onChange={(event) => setPart({ fallback_agent_id: event.target.value || null })}
      >
        <option value="">{t.common.none}</option>
        {part.fallback_agent_id && !known && (
          <option value={part.fallback_agent_id}>{part.fallback_agent_id}</option>
        )}
        {others.map((agent) => (
          <option key={agent.id} value={agent.id}>
            {`${agent.name} (${platformName(agent.platform)})`}
          </option>
        ))}
      </Select>
    </Field>
  );
}

interface NumberInputProps {
  value: number | null;
  onValue: (value: number | null) => void;
  min: number;
  max: number;
  step: number;
  placeholder?: string;
}

function NumberInput({ value, onValue, ...rest }: NumberInputProps) {
  const { readOnly } = useAgentForm();
  return (
    <Input
      type="number"
      readOnly={readOnly}
      value={value ?? ""}
      onChange={(event) => onValue(event.target.value === "" ? null : event.target.valueAsNumber)}
      {...rest}
    />
  );
}

function commaSeparated(text: string): string[] {
  return [...new Set(text.split(",").map((part) => part.trim()))].filter(Boolean);
}
