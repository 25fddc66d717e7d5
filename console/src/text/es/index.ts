import type { Texts } from "@/text/en";
import { agents } from "./agents";
import { common, errors } from "./common";
import { session } from "./session";
import { shell } from "./shell";

export const es: Texts = { agents, common, errors, session, shell };
