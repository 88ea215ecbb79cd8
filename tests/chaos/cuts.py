"""The network between server and agents is cut in the middle of a script, and comes back: nothing may be lost.

For a listening and a polling agent at once, and for both kinds of cut. Ends with 1 when a deployment did not go on.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "e2e"), str(HERE.parents[1] / "demo")]

from run import Demo  # noqa: E402 - in the demo's folder
from story import StoryError  # noqa: E402

from chaos.network import Network  # noqa: E402 - beside this file
from chaos.proxy import Cut  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each cut lasts (default 60)")
    told = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    good = True
    print("| cut | lasted, s | told | faults |\n| --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory(prefix="polpo-cuts-") as folder:
        demo = Demo(Path(folder), say=lambda _text: None, listen=0)
        with Network(demo, Path(folder) / "marks", lines=int(told.seconds * 2.5), pause=0.5) as network:
            for how in get_args(Cut):
                good &= _report(network, how, told.seconds)
    return 0 if good else 1


def _report(network: Network, how: Cut, seconds: float) -> bool:
    again = ""
    try:
        task_id, task = network.cut_in_mid_script(how, seconds)
        faults = list(network.faults(task_id, task))
        lines = network.api.get(f"/tasks/{task_id}/log", after=0, take=10_000)["Lines"]
        again = "; ".join(line["Text"] for line in lines if "There is contact again" in line["Text"])
    except StoryError as error:
        faults = [str(error)]
    print(f"| {how} | {seconds:g} | {again} | {'; '.join(faults) or 'none'} |", flush=True)
    return not faults


if __name__ == "__main__":
    sys.exit(main())
