export const agentTest = {
  ways: "How to try it",
  text: "In writing",
  voice: "Aloud",
  phone: "Call me",
  conversation: "Conversation",
  textHint: "Write with the agent as it is saved. It answers in writing.",
  voiceHint: "Talk with the agent through your microphone. You can interrupt it.",
  start: { text: "Start the conversation", voice: "Start talking" },
  again: "Start again",
  over: "Over",
  end: "Hang up",
  write: "Write something",
  writeToo: "Or write something",
  send: "Send",
  mute: "Microphone off",
  unmute: "Microphone on",
  you: "You",
  agent: "Agent",
  levels: "Levels",
  states: { listening: "Listening", thinking: "Thinking", speaking: "Speaking" },
  toolUsed: (name: string) => `used ${name}`,
  toolFailed: (name: string) => `${name} failed`,
  missing: (names: string) => `Give a value first: ${names}`,
  savedOnly: (version: number) =>
    `You try version ${version} as it is saved. These conversations are listed among the calls.`,
  phoneHint: (number: string) =>
    `The agent calls ${number}, which rings here in the page. Answer by voice or by typing.`,
  callMe: "Call me",
  noTelephone:
    "The telephone in the page belongs to the sandbox, and your providers are real. Place a call to your own number instead.",
  troubles: {
    insecure:
      "Browsers give the microphone only to pages that come by HTTPS or from this machine. Write instead.",
    refused:
      "The browser does not let this page use the microphone. Allow it beside the address, or write instead.",
    missing: "No microphone was found. Connect one, or write instead.",
    soundless: "This browser plays no sound here. Read and write instead.",
  },
  broken: "The connection to the conversation broke. Start again.",
  seeCall: "See the call",
  followCall: "Follow the call",
};
