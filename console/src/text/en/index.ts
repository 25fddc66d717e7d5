import type { Catalogue } from "@/lib/i18n/catalogue";
import { agents } from "./agents";
import { common, errors } from "./common";
import { session } from "./session";
import { shell } from "./shell";

/** Every text of the console in English; the other languages have the same shape. */
export const en = { agents, common, errors, session, shell };

export type Texts = Catalogue<typeof en>;
