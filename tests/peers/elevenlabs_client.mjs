// @elevenlabs/client in Node.js: what it saw of one conversation, as JSON on the last line.
// Reads {options, says, sound?} from standard input; `sound`: base64 of s16le mono 16 kHz, said in place of words.
import { Conversation, WebSocketConnection } from "@elevenlabs/client";
import { setSetupStrategy } from "@elevenlabs/client/internal";

const CHUNK_BYTES = 3200; // 100 ms
const QUIET = Buffer.alloc(CHUNK_BYTES).toString("base64");

// Stands in for microphone and loudspeaker, which browsers bring.
class Headset {
  soundBytes = 0;
  interruptions = 0;

  attach(connection) {
    this.waiting = [];
    this.timer = setInterval(() => {
      connection.sendMessage({ user_audio_chunk: this.waiting.shift() ?? QUIET });
    }, 100);
    connection.addListener((event) => {
      this.soundBytes += Buffer.from(event.audio_base_64, "base64").length;
    });
  }

  speak(sound) {
    const pcm = Buffer.from(sound, "base64");
    for (let at = 0; at < pcm.length; at += CHUNK_BYTES) {
      this.waiting.push(pcm.subarray(at, at + CHUNK_BYTES).toString("base64"));
    }
  }

  async close() {
    clearInterval(this.timer);
  }

  async setMuted() {}
  setVolume() {}
  interrupt() {
    this.interruptions += 1;
  }
  getVolume() {
    return 0;
  }
}

const headset = new Headset();
setSetupStrategy(async (options) => {
  const connection = await WebSocketConnection.create(options);
  headset.attach(connection);
  return { connection, input: headset, output: headset, playbackEventTarget: null, detach: async () => {} };
});

async function input() {
  let text = "";
  for await (const piece of process.stdin) text += piece;
  return JSON.parse(text);
}

const plan = await input();
const seen = { messages: [], tools: [], parts: "", errors: [], statuses: [] };
const answers = [];
let wake = () => {};
const tell = (kind, value) => {
  seen[kind].push(value);
  wake();
};

async function until(condition) {
  const giveUp = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > giveUp) throw new Error(`waited in vain: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, 50);
    });
  }
}

let over = null;
const conversation = await Conversation.startSession({
  ...plan.options,
  clientTools: {
    lookup_order: async ({ order_id }) => {
      tell("tools", order_id);
      return `Order ${order_id} left yesterday.`;
    },
  },
  onMessage: ({ message, source }) => {
    if (source === "ai" || source === "agent") answers.push(message);
    tell("messages", { source, message });
  },
  onAgentChatResponsePart: ({ text }) => {
    seen.parts += text;
  },
  onError: (message) => tell("errors", message),
  onStatusChange: ({ status }) => tell("statuses", status),
  onDisconnect: (details) => {
    over = details;
    wake();
  },
});

await until(() => answers.length > 0);
for (const text of plan.says) {
  const before = answers.length;
  conversation.sendUserMessage(text);
  await until(() => answers.length > before || over);
}
if (plan.sound) {
  await until(() => headset.soundBytes > 16_000);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const before = answers.length;
  headset.speak(plan.sound);
  await until(() => answers.length > before);
  await conversation.endSession();
}
await until(() => over);
const { reason, closeCode } = over;
const result = { ...seen, answers, over: { reason, closeCode }, soundBytes: headset.soundBytes };
console.log(JSON.stringify({ ...result, id: conversation.getId() }));
process.exit(0);
