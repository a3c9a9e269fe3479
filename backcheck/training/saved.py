"""A run as the bytes of an .npz file, and back, where it goes on as if it had never been stopped; it opens no file."""

from __future__ import annotations

import json
import math
from hashlib import blake2b
from io import BytesIO
from typing import Any

import numpy as np

import backcheck
from backcheck.errors import BadArgument
from backcheck.training.plan import Plan
from backcheck.training.run import Epoch, Look
from backcheck.training.train import Training
from backcheck.worksheet import Worksheet

STATE = ("values", "m", "v", "counts", "order")
FORMAT, VERSION = "backcheck.run", 1


def as_bytes(training: Training) -> bytes:
    """Parameters as W1, b1, …; all else behind a name that begins with `run `."""
    state = training.updates.state()
    looks = training.looks.found
    about = {
        "format": FORMAT,
        "version": VERSION,
        "made by": backcheck.__version__,
        "of": fingerprint(training.sheet, training.plan),
        "position": state["position"],
        "shuffling": state["shuffling"],
        "dropping": state["dropping"],
    }
    arrays = training.machine.arrays() | {f"run {name}": state[name] for name in STATE}
    arrays |= {
        "run about": np.frombuffer(json.dumps(about).encode(), np.uint8),
        "run epochs": np.array([[math.nan if v is None else v for v in epoch] for epoch in training.done], np.float64),
        "run best": training.best_values,
        "run looks": np.array([look.epoch for look in looks], np.float64),
        **{f"run looks {name}": np.array([getattr(look, name) for look in looks], np.float64) for name in Look._fields[1:]},
    }
    file = BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def restored(sheet: Worksheet, plan: Plan, raw: bytes, file: str) -> Training:
    """The run that was saved, ready to go on."""
    training = Training(sheet, plan)
    try:
        with np.load(BytesIO(raw), allow_pickle=False) as found:
            arrays = {name.removeprefix("run "): found[name] for name in found.files if name.startswith("run ")}
        about = json.loads(arrays["about"].tobytes())
        if (about["format"], about["version"]) != (FORMAT, VERSION):
            raise ValueError
    except Exception:  # whatever the readers of NumPy, of zip archives and of JSON make of it
        raise BadArgument(f"{file} is no saved run: one is written by backcheck train --save FILE") from None
    if about.get("of") != fingerprint(sheet, plan):
        raise BadArgument(f"{file} is a run of another problem, or of another plan: only the number of epochs may be changed")
    if len(arrays["epochs"]) > plan.epochs + 1:
        raise BadArgument(
            f"{file} has {len(arrays['epochs']) - 1} epochs already, more than {plan.epochs}: give --epochs above that"
        )
    try:
        _check(training, arrays, about)
        _put_back(training, arrays, about)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError):
        raise BadArgument(f"{file} is a broken saved run") from None
    return training


def _check(training: Training, arrays: dict[str, Any], about: dict[str, Any]) -> None:
    """Raises ValueError where what was saved cannot be the state of a run."""
    count, batch = len(training.examples), training.updates.batch
    finite = all(np.isfinite(arrays[name]).all() for name in ("values", "m", "v", "counts", "best"))
    is_order = np.array_equal(np.sort(arrays["order"]), np.arange(count))
    is_place = about["position"] in range(0, count, batch)
    if not (finite and is_order and is_place and len(arrays["epochs"])):
        raise ValueError


def _put_back(training: Training, arrays: dict[str, Any], about: dict[str, Any]) -> None:
    training.updates.restore({name: arrays[name] for name in STATE} | about)
    training.best_values[...] = arrays["best"]
    looks = zip(arrays["looks"], *(arrays[f"looks {name}"] for name in Look._fields[1:]), strict=True)
    training.looks.found += [Look(int(epoch), *(tuple(part.tolist()) for part in parts)) for epoch, *parts in looks]
    known = [training.edge is not None, training.held_out is not None, training.edge is not None and training.held_out is not None]
    for number, loss, rate, *rest in arrays["epochs"].tolist():
        measured = [value if there else None for value, there in zip(rest, known, strict=True)]
        training.remember(Epoch(int(number), loss, rate, *measured))


def fingerprint(sheet: Worksheet, plan: Plan) -> str:
    """Of all that the run depends on. How many epochs it has matters only where the learning rate is made from it."""
    digest = blake2b(digest_size=16)
    if plan.schedule.name != "cosine":
        plan = plan._replace(epochs=1)
    held_out = plan.held_out
    arrays = dict(sheet.given)
    if held_out is not None and not isinstance(held_out, float):
        arrays |= {"held-out x": held_out.inputs, "held-out t": held_out.targets}
        plan = plan._replace(held_out=None)
    digest.update(repr((sheet.rows, plan._replace(start="", level=None))).encode())
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
