import type { Catalogue } from "@/lib/i18n/catalogue";
import { adminTexts } from "./admin";
import { agentForm } from "./agentForm";
import { agents } from "./agents";
import { agentTest } from "./agentTest";
import { callTexts } from "./calls";
import { common, errors } from "./common";
import { fields } from "./fields";
import { home } from "./home";
import { placeTexts } from "./places";
import { session } from "./session";
import { shell } from "./shell";
import { telephone } from "./telephone";
import { voicePicker } from "./voicePicker";

/** Every text of the console in English; the other languages have the same shape. */
export const en = {
  ...adminTexts,
  agentForm,
  agentTest,
  agents,
  ...callTexts,
  common,
  errors,
  fields,
  home,
  ...placeTexts,
  session,
  shell,
  telephone,
  voicePicker,
};

export type Texts = Catalogue<typeof en>;
