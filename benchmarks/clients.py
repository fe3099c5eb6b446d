"""Sessions of the dashboard without a browser: they speak to its socket as Streamlit's own front end does."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, Self

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass
class Session:
    """One session: the page it is at, and the elements that the server has drawn in it."""

    address: str
    query: str
    elements: dict[str, Any] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)
    widgets: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    received: int = 0
    _socket: Any = None
    _hash: str = ""

    async def __aenter__(self) -> Self:
        """Connect and draw the page."""
        address = self.address.replace("http", "ws", 1)
        self._socket = await websockets.connect(
            f"{address}/_stcore/stream",
            subprotocols=[websockets.Subprotocol("streamlit")],
            origin=websockets.Origin(self.address),
            max_size=None,
        )
        await self.run()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave."""
        await self._socket.close()

    async def run(self, element: str = "", value: object = None) -> float:
        """Run the script, or the fragment of a component whose state changes; gives the seconds it took.

        Args:
            element: key of a component; without one the whole script runs.
            value: its new state, as JSON has it.
        """
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.query
        asked.page_script_hash = self._hash
        asked.context_info.url = f"{self.address}/?{self.query}"
        asked.context_info.timezone = "UTC"
        if element:
            name = next(name for name in self.elements if element in name)
            self.widgets[name] = value
            asked.fragment_id = self.fragments.get(name, "")
        for name, state in self.widgets.items():
            one = asked.widget_states.widgets.add()
            one.id = name
            one.json_value = json.dumps(state)
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        await self._until_finished()
        return time.perf_counter() - began

    async def _until_finished(self) -> None:
        while True:
            data = await asyncio.wait_for(self._socket.recv(), 60)
            self.received += len(data)
            message = ForwardMsg()
            message.ParseFromString(data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._hash = message.new_session.page_script_hash
            elif kind == "delta":
                self._seen(message.delta)
            elif kind == "script_finished":
                return

    def _seen(self, delta: Any) -> None:  # noqa: ANN401  a message of Streamlit's
        if delta.WhichOneof("type") != "new_element":
            return
        element = delta.new_element
        if element.WhichOneof("type") == "exception":
            self.errors.append(element.exception.message)
        if element.WhichOneof("type") == "bidi_component":
            name = element.bidi_component.id
            self.elements[name] = element.bidi_component
            self.fragments[name] = delta.fragment_id
