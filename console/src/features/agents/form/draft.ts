import { variablesOf } from "@/lib/template";
import type { Agent, AgentFields, AgentPatch } from "@/queries/agents";

export type PlatformName = "ultravox" | "elevenlabs";

/** What belongs to one platform: kept for both, so that switching there and back loses nothing. */
export interface PlatformPart {
  voice: string | null;
  model: string | null;
  platform_options: string;
  fallback_agent_id: string | null;
}

type Complete = Required<AgentFields>;
type Shared = Omit<Complete, keyof PlatformPart | "platform" | "voice_settings" | "fallback_voice">;

/** The form's own picture of an agent: as it is typed, not yet as it is sent. */
export interface Draft extends Shared {
  platform: PlatformName;
  voice_settings: NonNullable<Complete["voice_settings"]>;
  parts: Record<PlatformName, PlatformPart>;
}

const NO_PART: PlatformPart = { voice: null, model: null, platform_options: "{}", fallback_agent_id: null };

export function emptyDraft(platform: PlatformName, language: string): Draft {
  return {
    platform,
    name: "",
    prompt: "",
    first_message: "",
    first_speaker: "agent",
    language,
    voice_settings: {},
    temperature: null,
    max_duration_seconds: 600,
    inactivity: null,
    voicemail: { action: "ignore", message: "" },
    recording: true,
    variables: {},
    tools: [],
    evaluation: [],
    data_collection: [],
    tags: [],
    parts: { ultravox: NO_PART, elevenlabs: NO_PART },
  };
}

/** The form of an agent: what is saved, with the changes over it that wait to be published. */
export function draftOf(saved: Agent): Draft {
  const agent = { ...saved, ...(saved.draft?.values as Partial<Agent> | undefined) };
  const { voice, model, platform_options, fallback_agent_id, voice_settings, ...rest } = agent;
  const platform = agent.platform as PlatformName;
  const shared = Object.keys(emptyDraft(platform, "")) as (keyof Draft)[];
  const known = Object.fromEntries(
    shared.map((name) => [name, (rest as Partial<Draft>)[name]]),
  ) as unknown as Draft;
  const part = {
    voice,
    model,
    platform_options: JSON.stringify(platform_options, null, 2),
    fallback_agent_id,
  };
  return {
    ...known,
    platform,
    voice_settings: voice_settings ?? {},
    parts: { ultravox: NO_PART, elevenlabs: NO_PART, [platform]: part },
  };
}

/** Names of all variables that the draft's texts use. */
export function usedVariables(draft: Draft): string[] {
  return variablesOf(draft.prompt, draft.first_message, draft.inactivity?.message, draft.voicemail?.message);
}

/** The draft as the API takes it. Raises SyntaxError when the platform options are no JSON object. */
export function fieldsOf(draft: Draft): AgentFields {
  const { parts, platform, voice_settings, variables, ...shared } = draft;
  const part = parts[platform];
  const used = new Set(usedVariables(draft));
  const chosen = Object.values(voice_settings).some((value) => value !== null && value !== undefined);
  return {
    ...shared,
    platform,
    variables: Object.fromEntries(
      [...used].map((name) => [name, variables[name] ?? { type: "string" as const, default: null }]),
    ),
    voice: part.voice,
    model: part.model || null,
    platform_options: parsedOptions(part.platform_options),
    fallback_agent_id: part.fallback_agent_id,
    voice_settings: chosen ? voice_settings : null,
  };
}

/** The same for a new agent: what was set for the other platform stays in the form. Raises: SyntaxError. */
export function newFieldsOf(draft: Draft): AgentFields {
  const fields = fieldsOf(draft);
  return hasVoiceSettings(draft.platform) ? fields : { ...fields, voice_settings: null };
}

/** Do voices of this platform speak otherwise when told so? Ultravox leaves that to the maker of each voice. */
export function hasVoiceSettings(platform: string): boolean {
  return platform === "elevenlabs";
}

/** Raises: SyntaxError. */
export function parsedOptions(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text.trim() || "{}");
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new SyntaxError("no object");
  return value as Record<string, unknown>;
}

/** Only what differs between two drafts of one agent, and the fields in `always`; empty when nothing does. */
export function changes(before: Draft, after: Draft, always: readonly string[] = []): AgentPatch {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const names = Object.keys(now) as (keyof AgentFields)[];
  const changed = names.filter(
    (name) => name !== "platform" && (always.includes(name) || !sameJson(old[name], now[name])),
  );
  return Object.fromEntries(changed.map((name) => [name, now[name]])) as AgentPatch;
}

export function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)]),
  );
}
