import { createStore } from "./stored";

/** The number that rings in the console while the sandbox stands in for the providers. */
export const TELEPHONE = "+14155550110";

/** Is the telephone's dock open? Anything may open it. */
export const telephoneOpen = createStore(false);
