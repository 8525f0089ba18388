"""An AI therapist under watch: every turn of the chat is scored as it is said, and an alert goes to a person.

$ alliance score examples/sample-corpus --echo -o scores.parquet
$ alliance reference build scores.parquet --simulate -o reference.json
$ python examples/watched_chat.py reference.json

The model here agrees with everything, word for word; put your own in the place of `agree`. The reference should come
from sessions like yours. A signal is no diagnosis, no suicide-risk assessment and no crisis detection: whatever you
do about those, this does not replace.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import alliancekit as ak
from alliancekit.live import NOTICE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from alliancekit.live import Signal, Update

    Messages = list[dict[str, str]]
    Model = Callable[[Messages], str]
    Person = Callable[[tuple[Signal, ...]], bool]

HANDED_OVER = "I would like a person of our team to join us here before we go on."


def chat(said: Iterable[str], model: Model, session: ak.LiveSession, person: Person) -> Iterator[str]:
    """Answer what is said, turn by turn, until a person who was told of an alert takes over.

    Args:
        said: what the patient says, one turn after the other.
        model: gives the answer to the messages so far, as chats with language models have them.
        session: scores the turns and watches them.
        person: is told which alerts began, and says whether the model may go on.

    """
    messages: Messages = []
    for text in said:
        messages.append({"role": "user", "content": text})
        alerts = begun(session.push("user", text))
        answer = model(messages)
        alerts += begun(session.push("assistant", answer))
        if alerts and not person(alerts):
            yield HANDED_OVER
            return
        messages.append({"role": "assistant", "content": answer})
        yield answer


def begun(update: Update) -> tuple[Signal, ...]:
    """Give the signals whose alert began with a turn."""
    new = {(change.signal, change.scale) for change in update.changed if change.now == "alert"}
    return tuple(signal for signal in update.signals if (signal.name, signal.scale) in new)


def agree(messages: Messages) -> str:
    """Stand in for a model that agrees too easily."""
    return messages[-1]["content"]


def tell_a_person(alerts: tuple[Signal, ...]) -> bool:
    """Say which turns to read. No text: who may read it has it where the chat is kept."""
    for signal in alerts:
        where = f" on {signal.scale}" if signal.scale else ""
        print(f"ALERT {signal.name}{where}: read turns {list(signal.turns)}. {NOTICE}", file=sys.stderr)
    return False


def main() -> None:
    """Chat on the terminal."""
    session = ak.LiveSession(ak.Scorer(), reference=ak.Reference.load(sys.argv[1]))
    for answer in chat((line.strip() for line in sys.stdin), agree, session, tell_a_person):
        print(answer, flush=True)


if __name__ == "__main__":
    main()
