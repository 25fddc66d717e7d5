import { AgentPicker } from "@/components/shared/AgentPicker";
import { PLATFORM_CHOICES, platformName } from "@/components/shared/marks";
import { Field } from "@/components/ui/Field";
import { Input, Select, Textarea } from "@/components/ui/inputs";
import { SwitchField } from "@/components/ui/SwitchField";
import { TemplateBox } from "@/components/ui/TemplateBox";
import { useText } from "@/lib/i18n";
import { useAgentForm } from "./FormContext";
import { NumberInput } from "./NumberInput";
import { TagsInput } from "./TagsInput";

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
          usual={600}
          onValue={(seconds) => set({ max_duration_seconds: seconds ?? 600 })}
        />
      </Field>
      <SwitchField
        label={t.agentForm.recording}
        hint={t.agentForm.recordingHint}
        checked={draft.recording}
        disabled={readOnly}
        onChecked={(recording) => set({ recording })}
        className="self-start rounded-lg border border-line px-3 py-2.5"
      />
      <InactivityFields />
      <VoicemailFields />
      <TwinField />
      <Field label={t.agentForm.tags} hint={t.agentForm.tagsHint} error={error("tags")}>
        <TagsInput />
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
  const { draft, set, error, readOnly } = useAgentForm();
  const { inactivity } = draft;
  return (
    <fieldset className="flex flex-col gap-3 self-start rounded-lg border border-line p-3">
      <legend className="sr-only">{t.agentForm.inactivity}</legend>
      <SwitchField
        label={t.agentForm.inactivity}
        hint={t.agentForm.inactivityHint}
        checked={inactivity !== null}
        disabled={readOnly}
        onChecked={(on) =>
          set({ inactivity: on ? { after_seconds: 10, message: "", end_call: false } : null })
        }
      />
      {inactivity && (
        <>
          <Field label={t.agentForm.afterSeconds} error={error("inactivity.after_seconds")}>
            <NumberInput
              min={1}
              max={600}
              step={1}
              value={inactivity.after_seconds}
              usual={10}
              onValue={(seconds) => set({ inactivity: { ...inactivity, after_seconds: seconds ?? 10 } })}
            />
          </Field>
          <Field label={t.agentForm.saysThen} error={error("inactivity.message") ?? error("inactivity")}>
            <TemplateBox
              value={inactivity.message ?? ""}
              readOnly={readOnly}
              onValue={(message) => set({ inactivity: { ...inactivity, message } })}
              height="min-h-12 max-h-32"
            />
          </Field>
          <SwitchField
            label={t.agentForm.endsCall}
            checked={inactivity.end_call ?? false}
            disabled={readOnly}
            onChecked={(end_call) => set({ inactivity: { ...inactivity, end_call } })}
          />
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
  const leaves = action === "leave_message";
  return (
    <fieldset className="flex flex-col gap-3 self-start rounded-lg border border-line p-3">
      <legend className="sr-only">{t.agentForm.voicemail}</legend>
      <Field
        label={t.agentForm.voicemail}
        hint={t.agentForm.voicemailHint}
        error={leaves ? undefined : errorBelow("voicemail")}
      >
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
      {leaves && (
        <Field label={t.agentForm.saysThen} error={errorBelow("voicemail")}>
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
  const other = PLATFORM_CHOICES.find((platform) => platform !== draft.platform);
  return (
    <Field label={t.agentForm.twin} hint={t.agentForm.twinHint} error={error("fallback_agent_id")}>
      <AgentPicker
        value={part.fallback_agent_id}
        onValue={(fallback_agent_id) => setPart({ fallback_agent_id })}
        placeholder={t.agentForm.findTwin}
        anyText={t.common.none}
        platform={other}
        disabled={readOnly}
      />
    </Field>
  );
}
