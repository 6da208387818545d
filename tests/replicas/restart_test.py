# SPDX-License-Identifier: GPL-2.0-or-later
"""Replicas are restarted one after another, while others call."""

from api import capture, capture_service
from cluster import CALL_SECONDS, choosing
from cluster_case import NAMES, ClusterCase
from load import Load
from waiting import wait_for


class RestartTest(ClusterCase):
    """An upgrade, as operators do it. Envoy has the replicas configured."""

    are_configured = True

    def setUp(self) -> None:
        super().setUp()
        self.captures = capture_service.CaptureServiceStub(self.channel)

    def start_capture(self, replica: str) -> str:
        """Starts a capture on a replica, and returns its name."""
        request = capture.CreateCaptureRequest()
        request.options.interfaces.add().name = "lo"
        created = self.captures.CreateCapture(
            request, metadata=choosing(replica), timeout=CALL_SECONDS
        )
        return str(created.capture.name)

    def state_of(self, name: str) -> int:
        """Returns the state of a capture, wherever it is."""
        request = capture.GetCaptureRequest(name=name)
        found = self.call(self.captures.GetCapture, request)
        return int(found.capture.state)

    def restart(self, name: str) -> None:
        """Restarts a replica, and waits until Envoy knows that it is back."""
        replica = self.cluster.replicas[name]
        replica.daemon.stop()
        replica.start()
        self.cluster.wait_for(name)

    def wait_for_answer(self, load: Load, name: str) -> None:
        """Waits until a replica has answered one more call."""
        answers = load.answers_of(name)
        wait_for(
            f"an answer of {name}", lambda: load.answers_of(name) > answers
        )

    def test_a_rolling_restart_loses_no_call(self) -> None:
        captures = {name: self.start_capture(name) for name in NAMES}
        with Load(self.cluster) as load:
            for name in NAMES:
                self.restart(name)
                self.wait_for_answer(load, name)
        self.assert_no_call_was_lost(load)
        for replica, name in captures.items():
            self.assertTrue(name.startswith(f"captures/{replica}~"), name)
            self.assertEqual(self.state_of(name), capture.CAPTURE_STATE_RUNNING)
            request = capture.StopCaptureRequest(name=name)
            self.call(self.captures.StopCapture, request)
