import type { Texts } from "@/text/en";
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

export const es: Texts = {
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
