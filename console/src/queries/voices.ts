import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body, page, type Schema, send } from "@/lib/api";

export type Voice = Schema<"VoiceOut">;
export type VoiceQuote = Schema<"QuoteOut">;
export type VoiceSettings = Schema<"VoiceSettings">;

export interface VoiceFilter {
  platform?: string | undefined;
  search?: string | undefined;
  language?: string | undefined;
  gender?: "female" | "male" | "neutral" | undefined;
  style?: string | undefined;
}

/** Voices that fit, page by page. */
export function voicesQuery(filter: VoiceFilter) {
  return infiniteQueryOptions({
    queryKey: ["voices", "list", filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: 100, cursor: pageParam };
      return page(api.GET("/api/v1/voices", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: 60_000,
    placeholderData: (before) => before,
  });
}

export function voiceQuery(platform: string, voiceId: string | null) {
  return queryOptions({
    queryKey: ["voices", "one", platform, voiceId],
    queryFn: ({ signal }) => {
      const path = { platform, voice_id: voiceId ?? "" };
      return body(api.GET("/api/v1/voices/{platform}/{voice_id}", { params: { path }, signal }));
    },
    enabled: voiceId !== null,
    staleTime: 60_000,
    retry: false,
  });
}

export interface Speech {
  platform: string;
  voiceId: string;
  /** Without it the vendor's free sample. */
  text?: string;
  language?: string;
  settings?: VoiceSettings;
}

/** What hearing it will take; asks without speaking. */
export function quoteQuery(speech: Speech) {
  return queryOptions({
    queryKey: ["voices", "quote", speech],
    queryFn: async ({ signal }) => {
      const answer = await body(
        api.POST("/api/v1/voices/{platform}/{voice_id}/preview", {
          params: { path: { platform: speech.platform, voice_id: speech.voiceId }, query: { dry_run: true } },
          body: wish(speech),
          signal,
        }),
      );
      return answer as VoiceQuote; // a dry run answers no audio
    },
    enabled: Boolean(speech.text),
    staleTime: 5_000,
    retry: false,
  });
}

/** The sound as an address of this page's own. Raises a Problem when the vendor or a limit refuses. */
export async function hear(speech: Speech): Promise<string> {
  const path = `${encodeURIComponent(speech.platform)}/${encodeURIComponent(speech.voiceId)}`;
  const response = await send(`/api/v1/voices/${path}/preview`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(wish(speech)),
  });
  return URL.createObjectURL(await response.blob());
}

function wish({ text, language, settings }: Speech): Schema<"PreviewIn"> {
  return { ...settings, ...(text ? { text } : {}), ...(text && language ? { language } : {}) };
}

/** The voices of another platform that come closest to this one. */
export function matchesQuery(platform: string, voiceId: string, on: string, language: string) {
  return queryOptions({
    queryKey: ["voices", "matches", platform, voiceId, on, language],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/voices/{platform}/{voice_id}/matches", {
          params: { path: { platform, voice_id: voiceId }, query: { platform: on, language, limit: 1 } },
          signal,
        }),
      ),
    staleTime: 60_000,
  });
}

export interface AuditionOrder {
  text: string;
  language?: string;
  voices: { platform: string; id: string }[];
}

export type Audition = Schema<"AuditionOut">;
export type Auditioned = Schema<"AuditionResult">;

/** What hearing one sentence in these voices takes; nothing is spoken. */
export function auditionQuoteQuery(order: AuditionOrder) {
  return queryOptions({
    queryKey: ["voices", "audition", order],
    queryFn: ({ signal }) =>
      body(
        api.POST("/api/v1/voices/audition", { params: { query: { dry_run: true } }, body: order, signal }),
      ),
    enabled: order.voices.length > 0 && order.text !== "",
    staleTime: 5_000,
    retry: false,
    placeholderData: (before) => before,
  });
}

/** Speak one sentence in these voices. */
export function holdAudition(order: AuditionOrder): Promise<Audition> {
  return body(api.POST("/api/v1/voices/audition", { body: order }));
}
