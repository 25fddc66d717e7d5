export const telephone = {
  ringing: "The telephone rings",
  answerByVoice: "Answer and speak",
  answerByTyping: "Answer and type",
  decline: "Decline",
  idle: (number: string) => `Calls to ${number} ring here.`,
  ended: "The call is over",
  endedBy: { caller_hangup: "The agent hung up.", callee_hangup: "You hung up." },
  seeCall: "See the call",
  said: "What was said",
  silence: "Say something…",
  say: "Type what you say",
  hangUp: "Hang up",
};
