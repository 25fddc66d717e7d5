"""A voice bot of pipecat's on an Ultravox join URL; runs in a Python of its own, see `make .venv-peers/.ready`.

Reads one JSON object from standard input: `join_url`, `say` (texts to write, each after an answer), `hear` (a WAV
file to speak after the first answer; 16 kHz mono). Writes one JSON object: what came down the pipeline.
"""

import asyncio
import json
import sys
import wave
from collections import Counter

from pipecat.frames.frames import (
    EndFrame,
    Frame,
    InputAudioRawFrame,
    InputTextRawFrame,
    LLMFullResponseEndFrame,
    LLMTextFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.llm_service import FunctionCallParams
from pipecat.services.ultravox.llm import JoinUrlInputParams, UltravoxRealtimeLLMService
from pipecat.workers.runner import WorkerRunner

RATE = 16_000
PATIENCE = 25.0


class Watch(FrameProcessor):
    """Counts what passes and keeps the words."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: Counter[str] = Counter()
        self.answers: list[str] = [""]
        self.heard: list[str] = []
        self.sound = 0
        self.answered = asyncio.Event()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        self.kinds[type(frame).__name__] += 1
        if isinstance(frame, LLMTextFrame):
            self.answers[-1] += frame.text
        elif isinstance(frame, TTSAudioRawFrame):
            self.sound += len(frame.audio)
        elif isinstance(frame, TranscriptionFrame):
            self.heard.append(frame.text)
        elif isinstance(frame, LLMFullResponseEndFrame):
            self.answers.append("")
            self.answered.set()
        await self.push_frame(frame, direction)

    async def until_answered(self) -> None:
        await asyncio.wait_for(self.answered.wait(), PATIENCE)
        self.answered.clear()


async def look_up(call: FunctionCallParams) -> None:
    await call.result_callback(f"Order {call.arguments['orderId']} left yesterday.")


async def act(plan: dict, worker: PipelineWorker, watch: Watch) -> None:
    await watch.until_answered()
    for text in plan.get("say", ()):
        await worker.queue_frame(InputTextRawFrame(text=text))
        await watch.until_answered()
    if plan.get("hear"):
        speaking = asyncio.create_task(speak(plan["hear"], worker))
        await watch.until_answered()
        speaking.cancel()
    await worker.queue_frame(EndFrame())


async def speak(path: str, worker: PipelineWorker) -> None:
    """In real time, and silence after it, as a microphone does."""
    with wave.open(path) as file:
        sound = file.readframes(file.getnframes())
    piece = RATE // 50 * 2
    for start in range(0, len(sound) + 2 * RATE * int(PATIENCE), piece):
        pcm = sound[start : start + piece].ljust(piece, b"\0")
        await worker.queue_frame(InputAudioRawFrame(audio=pcm, sample_rate=RATE, num_channels=1))
        await asyncio.sleep(0.02)


async def main() -> None:
    plan = json.load(sys.stdin)
    service = UltravoxRealtimeLLMService(params=JoinUrlInputParams(join_url=plan["join_url"]))
    service.register_function("lookUpOrder", look_up)
    before, after = Watch(), Watch()
    worker = PipelineWorker(Pipeline([before, service, after]))
    acting = asyncio.create_task(act(plan, worker, after))
    runner = WorkerRunner(handle_sigint=False)
    await runner.run(worker)
    await acting
    seen = {
        "answers": [text for text in after.answers if text],
        "heard": before.heard,
        "sound_bytes": after.sound,
        "kinds": after.kinds,
    }
    sys.stdout.write(json.dumps(seen))


asyncio.run(main())
