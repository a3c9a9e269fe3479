"""Where examples come from: IDX files, tables, archives and sets; each is read right, and what is broken is refused in time."""

from __future__ import annotations

import contextlib
import gzip
import importlib.util
import io
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from backcheck import api
from backcheck.errors import BadProblem, Fault
from backcheck.problem import sets
from backcheck.problem.csv_tables import read_table
from backcheck.problem.examples import held_out
from backcheck.problem.idx import TYPES, read_idx
from backcheck.problem.packed import MOST_NUMBERS, Unreadable
from backcheck.problem.reading import Reading
from backcheck.problem.schema import schema
from backcheck.problem.sets import made
from backcheck.problem.text import read
from backcheck.worksheet import Worksheet

SCHEMA = jsonschema.Draft7Validator(schema())
LAYER = "layers:\n  - weights: {{init: xavier, units: {units}}}\n    activation: {activation}\nloss: {loss}\n"
IMAGES = "{images: train-images-idx3-ubyte, labels: train-labels-idx1-ubyte, scale: 1/255}"


def sheet(data: str, folder: Path, units: int = 3, activation: str = "softmax", loss: str = "cross_entropy") -> Worksheet:
    text = f"data: {data}\n" + LAYER.format(units=units, activation=activation, loss=loss)
    SCHEMA.validate(yaml.safe_load(text))
    return api.loads(text, "p.yaml", str(folder))


def fault(data: str, folder: Path, units: int = 3) -> Fault:
    with pytest.raises(BadProblem) as caught:
        sheet(data, folder, units)
    (only,) = caught.value.faults
    return only


def idx(array: np.ndarray[Any, Any], kind: int = 0x08) -> bytes:
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, kind, array.ndim]) + sizes + array.astype(TYPES[kind]).tobytes()


PIXELS = np.arange(5 * 2 * 3).reshape(5, 2, 3) * 8
LABELS = np.array([2, 0, 1, 1, 2])


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    """Five images of 2 × 3 and their classes, plain and packed."""
    for name, array in (("train-images-idx3-ubyte", PIXELS), ("train-labels-idx1-ubyte", LABELS)):
        (tmp_path / name).write_bytes(idx(array))
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(idx(array)))
    return tmp_path


# IDX


def test_a_file_as_its_definition_writes_it(tmp_path: Path) -> None:
    """Byte by byte, with no help of the code that writes the others."""
    (tmp_path / "a.idx").write_bytes(bytes.fromhex("00000B02 00000001 00000003 0001 FFFF 0100"))
    assert read_idx(str(tmp_path / "a.idx"), 10).tolist() == [[1, -1, 256]]


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("kind", TYPES)
def test_every_type(tmp_path: Path, kind: int, packed: str) -> None:
    raw = idx(np.array([[1, 2], [100, 127]]), kind)
    path = tmp_path / f"a.idx{packed}"
    path.write_bytes(gzip.compress(raw) if packed else raw)
    assert read_idx(str(path), 10).tolist() == [[1, 2], [100, 127]]


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "it is no IDX file"),
        (b"\0\0\x08", "it is no IDX file"),
        (b"\x89PNG\r\n\x1a\n", "it is no IDX file"),
        (b"\0\0\x0a\x01\0\0\0\x01\0", "it is no IDX file"),
        (b"\0\0\x08\0", "it says that it has 0 sizes"),
        (b"\0\0\x08\xff" + b"\0" * 4 * 255, "it says that it has 255 sizes"),
        (b"\0\0\x08\x03\0\0\0\x01", "it ends before its sizes"),
        (b"\0\0\x08\x01\0\0\0\x05abc", "its sizes 5 need 5 bytes, and it has 3"),
        (b"\0\0\x0e\x02\0\0\0\x02\0\0\0\x03" + b"\0" * 47, "its sizes 2 × 3 need 48 bytes, and it has 47"),
        (b"\0\0\x08\x01\0\0\0\x02abc", "it holds more bytes than its sizes 2 say"),
        (b"\0\0\x08\x02" + b"\xff" * 8, "it says that it holds 4,294,967,295 × 4,294,967,295 = 18,446,744,065,119,617,025 numbers"),
    ],
)
def test_a_broken_header_or_body(tmp_path: Path, raw: bytes, says: str, packed: str) -> None:
    name = f"a.idx{packed}"
    (tmp_path / name).write_bytes(gzip.compress(raw) if packed else raw)
    with pytest.raises(Unreadable) as caught:
        read_idx(str(tmp_path / name), MOST_NUMBERS)
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_a_header_that_lies_takes_no_memory(tmp_path: Path, packed: str) -> None:
    raw = b"\0\0\x0e\x01" + struct.pack(">I", MOST_NUMBERS) + b"\0" * 100
    (tmp_path / f"a.idx{packed}").write_bytes(gzip.compress(raw) if packed else raw)
    tracemalloc.start()
    with pytest.raises(Unreadable, match=r"its sizes 50,000,000 need 400,000,000 bytes, and it has 100"):
        read_idx(str(tmp_path / f"a.idx{packed}"), MOST_NUMBERS)
    assert tracemalloc.get_traced_memory()[1] < 5 * 2**20
    tracemalloc.stop()


def test_unpacking_stops_at_the_bound(tmp_path: Path) -> None:
    """100 MB of zeros are 100 kB of gzip; the sizes say 1,000 bytes, and no more are unpacked than shows that there are more."""
    (tmp_path / "a.idx.gz").write_bytes(gzip.compress(b"\0\0\x08\x01" + struct.pack(">I", 1000) + b"\0" * 10**8, 1))
    tracemalloc.start()
    with pytest.raises(Unreadable, match="it holds more bytes"):
        read_idx(str(tmp_path / "a.idx.gz"), MOST_NUMBERS)
    assert tracemalloc.get_traced_memory()[1] < 5 * 2**20
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("change", "says", "way_out"),
    [
        (lambda raw: raw[: len(raw) // 2], "it is cut off", "get the file once more"),
        (lambda raw: raw[:10] + b"\xff" * 20 + raw[30:], "it is not packed with gzip, or it is damaged", "get the file once more"),
        (gzip.decompress, "it is not packed with gzip, or it is damaged", "get the file once more"),
    ],
    ids=["cut off", "damaged", "not packed"],
)
def test_broken_packing(digits: Path, change: Callable[[bytes], bytes], says: str, way_out: str) -> None:
    path = digits / "train-images-idx3-ubyte.gz"
    path.write_bytes(change(path.read_bytes()))
    found = fault(IMAGES.replace("idx3-ubyte", "idx3-ubyte.gz"), digits)
    assert found.says.startswith(f"'{path.name}' cannot be read: {says}")
    assert found.way_out.startswith(way_out)
    assert (found.line, found.column) == (1, 16)


def test_packed_but_not_called_so(digits: Path) -> None:
    (digits / "train-images-idx3-ubyte").write_bytes((digits / "train-images-idx3-ubyte.gz").read_bytes())
    assert fault(IMAGES, digits).way_out == "it is packed with gzip: let its name end in .gz"


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 45), at=st.integers(0, 45), byte=st.integers(0, 255))
def test_any_damage_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, cut: int, at: int, byte: int) -> None:
    raw = bytearray(idx(PIXELS))
    raw[min(at, len(raw) - 1)] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.idx"
    path.write_bytes(raw[: len(raw) - cut])
    with contextlib.suppress(Unreadable):
        assert read_idx(str(path), 1000).size <= 1000


# Images


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_images_and_labels(digits: Path, packed: str) -> None:
    given = sheet(IMAGES.replace("-ubyte", f"-ubyte{packed}"), digits).given
    assert np.array_equal(given["x"], PIXELS.reshape(5, 6) * (1 / 255))
    assert np.array_equal(given["t"], np.eye(3)[LABELS])


def test_images_and_labels_under_separate_keys(digits: Path) -> None:
    text = "inputs: {file: train-images-idx3-ubyte.gz, scale: 1/255}\ntargets: {file: train-labels-idx1-ubyte}\n"
    text += LAYER.format(units=3, activation="softmax", loss="cross_entropy")
    SCHEMA.validate(yaml.safe_load(text))
    separate, together = api.loads(text, "p.yaml", str(digits)).given, sheet(IMAGES, digits).given
    assert all(np.array_equal(separate[name], together[name]) for name in ("x", "t"))


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_the_first_so_many(digits: Path, packed: str) -> None:
    given = sheet(IMAGES.replace("-ubyte", f"-ubyte{packed}").replace("}", ", take: 2}"), digits).given
    assert np.array_equal(given["x"], PIXELS[:2].reshape(2, 6) * (1 / 255))
    assert np.array_equal(given["t"], [[0, 0, 1], [1, 0, 0]])


@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy"])
def test_classes_of_any_loss_of_several_outputs(digits: Path, loss: str) -> None:
    assert np.array_equal(sheet(IMAGES, digits, 3, "sigmoid", loss).given["t"], np.eye(3)[LABELS])


def test_one_output_has_the_number_as_its_target(digits: Path) -> None:
    assert sheet(IMAGES, digits, 1, "identity", "squared_error").given["t"].tolist() == [[2], [0], [1], [1], [2]]


def test_too_few_labels(digits: Path) -> None:
    (digits / "train-labels-idx1-ubyte").write_bytes(idx(LABELS[:4]))
    assert fault(IMAGES, digits).says == "4 labels stand there for 5 images"


def test_images_and_labels_exchanged(digits: Path) -> None:
    found = fault("{images: train-labels-idx1-ubyte, labels: train-images-idx3-ubyte}", digits)
    assert found.says == "these are labels, one number for each example, and the labels are images"


def test_a_name_that_is_nearly_right(digits: Path) -> None:
    found = fault(IMAGES.replace("images-idx3", "images.idx3"), digits)
    assert found.way_out == "did you mean 'train-images-idx3-ubyte'?"


# Archives


@pytest.mark.parametrize("shape", [(5, 6), (5, 2, 3), (5, 1, 2, 3)])
def test_arrays_of_any_dimension(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.savez(tmp_path / "d.npz", x_train=PIXELS.reshape(shape), y_train=LABELS)
    given = sheet("{file: d.npz, inputs: x_train, targets: y_train, take: 4}", tmp_path).given
    assert np.array_equal(given["x"], PIXELS.reshape(5, 6)[:4])
    assert np.array_equal(given["t"], np.eye(3)[LABELS[:4]])


def test_a_flat_array_has_one_number_for_each_example(tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", x=[1.0, 2.0, 3.0], y=[2.0, 4.0, 6.0])
    given = sheet("{file: d.npz, inputs: x, targets: y}", tmp_path, 1, "identity", "squared_error").given
    assert given["x"].tolist() == [[1], [2], [3]]
    assert given["t"].tolist() == [[2], [4], [6]]


@pytest.mark.parametrize(
    ("data", "says", "way_out"),
    [
        ("{file: d.npz, inputs: x, targets: t}", "no array 't' in the file", "it holds: x, y"),
        ("{file: d.npz, inputs: y, targets: x}", "3 targets stand there for 2 examples", "there should be one for each example"),
    ],
)
def test_arrays_that_are_not_there_or_do_not_fit(tmp_path: Path, data: str, says: str, way_out: str) -> None:
    np.savez(tmp_path / "d.npz", x=np.ones((3, 2)), y=[0, 1])
    found = fault(data, tmp_path)
    assert (found.says, found.way_out) == (says, way_out)


def test_an_archive_needs_two_names(tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", x=np.ones((3, 2)), y=[0, 1])
    text = "data: {file: d.npz, inputs: x}\n" + LAYER.format(units=3, activation="softmax", loss="cross_entropy")
    with pytest.raises(BadProblem, match=r"which array of 'd.npz' holds the targets\?[\s\S]*it holds: x, y"):
        api.loads(text, "p.yaml", str(tmp_path))


# Tables


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        ("1,2\n3,4\n", (), [[1, 2], [3, 4]]),
        ("\ufeff1,2\r\n3,4\r\n", (), [[1, 2], [3, 4]]),
        ("1,2\r3,4", (), [[1, 2], [3, 4]]),
        ("\n\n 1 , 2\n\n3,\t4", (), [[1, 2], [3, 4]]),
        ("a,b\n1/3,−2\n", ("a", "b"), [[1 / 3, -2]]),
        ('"sepal length (cm)", "a, b"\n1,2', ("sepal length (cm)", "a, b"), [[1, 2]]),
        ("\n,größe\n0,1e-3\n", ("", "größe"), [[0, 0.001]]),
        ("label,1x1\n5,.5", ("label", "1x1"), [[5, 0.5]]),
        ("7", (), [[7]]),
    ],
)
@pytest.mark.parametrize("packed", ["", ".gz"])
def test_tables(tmp_path: Path, text: str, header: tuple[str, ...], rows: list[list[float]], packed: str) -> None:
    path = tmp_path / f"t.csv{packed}"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    table = read_table(str(path), 100)
    assert table.header == header
    assert table.array.tolist() == rows


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is empty"),
        ("a,b\n", "no numbers stand below its header line"),
        ("a,b\n1,2,3\n", "its header line names 2 columns, and its lines have 3 values"),
        ("1,2\n3\n", "its lines have different numbers of values"),
        ("1,2,\n", "line 1 holds '', which is no number"),
        ("nan,nan\n1,2\n", "line 1 holds 'nan', which is no number"),
        ("a,b\n\n1,2\n3,?\n", "line 4 holds '?', which is no number"),
        ("a;b\n1;2\n", "line 2 holds '1;2', which is no number"),
        ("1_0,2_0\n1,2\n", "line 1 holds '1_0', which is no number"),
        ("1,2\n" * 60, "it holds more than 50 numbers"),
        (b"\xff\xfe1", "it is no text: byte 0xff is not UTF-8"),
    ],
)
def test_broken_tables(tmp_path: Path, text: str | bytes, says: str) -> None:
    (tmp_path / "t.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Unreadable) as caught:
        read_table(str(tmp_path / "t.csv"), 50)
    assert str(caught.value) == says


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=2), min_size=1, max_size=5))
def test_every_number_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[float]]) -> None:
    path = tmp_path_factory.getbasetemp() / "numbers.csv"
    path.write_text("\n".join(",".join(map(repr, row)) for row in rows))
    assert read_table(str(path), 100).array.tolist() == rows


def test_an_array_as_a_table(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", np.array([[1, 2, 0], [3, 4, 2]]))
    given = sheet("{file: t.npy, scale: 1/2}", tmp_path).given
    assert given["x"].tolist() == [[0.5, 1], [1.5, 2]]
    assert given["t"].tolist() == [[1, 0, 0], [0, 0, 1]]


def test_targets_stand_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,c\n1,2,3\n4,5,6\n")
    given = sheet("{file: t.csv, targets: [c, a]}", tmp_path, 2, "identity", "squared_error").given
    assert given["x"].tolist() == [[2], [5]]
    assert given["t"].tolist() == [[3, 1], [6, 4]]


# Sets


def test_xor_has_one_output_or_two_classes(tmp_path: Path) -> None:
    assert sheet("xor", tmp_path, 1, "sigmoid", "binary_cross_entropy").given["t"].tolist() == [[0], [1], [1], [0]]
    assert sheet("xor", tmp_path, 2).given["t"].tolist() == [[1, 0], [0, 1], [0, 1], [1, 0]]


def test_spirals_and_blobs_are_the_same_everywhere() -> None:
    """Their first numbers, so that a change of how they are drawn is noticed: published runs depend on them."""
    spirals = made("spirals", {"examples": 200, "noise": 0.1, "seed": 0})
    blobs = made("blobs", {"examples": 200, "classes": 3, "noise": 0.5, "seed": 0})
    assert spirals.inputs[:3].tolist() == SPIRALS
    assert blobs.inputs[:3].tolist() == BLOBS
    assert np.bincount(spirals.classes.astype(int)).tolist() == [100, 100]
    assert np.bincount(blobs.classes.astype(int)).tolist() == [67, 67, 66]


SPIRALS = [[0.01, 0.0003], [-0.0099, -0.0012], [0.0197, 0.0035]]
BLOBS = [[2.2107, 0.4385], [-0.6333, 1.674], [-0.8803, -2.0645]]


def test_spirals_without_noise_are_spirals() -> None:
    """The radius grows evenly to 1, and each example of the one arm lies opposite to one of the other."""
    x = made("spirals", {"examples": 100, "noise": 0, "seed": 5}).inputs
    assert np.allclose(np.hypot(*x[::2].T), np.arange(1, 51) / 50, atol=1e-4)
    assert np.allclose(x[::2], -x[1::2], atol=1e-4)


def test_blobs_have_the_centres_and_the_spread_they_are_said_to_have() -> None:
    x, classes = made("blobs", {"examples": 40_000, "classes": 4, "noise": 0.5, "seed": 1})
    for c, centre in enumerate([[2, 0], [0, 2], [-2, 0], [0, -2]]):
        own = x[classes == c]
        assert np.allclose(own.mean(axis=0), centre, atol=0.025)  # five standard errors, 5·0.5/√10,000
        assert np.allclose(own.std(axis=0), 0.5, atol=0.018)  # 5·0.5/√20,000


def test_another_seed_gives_other_examples() -> None:
    first, second = (made("spirals", {"examples": 10, "noise": 0.1, "seed": seed}).inputs for seed in (0, 1))
    assert not np.array_equal(first, second)


@pytest.mark.skipif(importlib.util.find_spec("sklearn") is None, reason="the digits come with scikit-learn")
def test_digits(tmp_path: Path) -> None:
    """As many of each as the data set's description says, and the same as scikit-learn's own function gives."""
    given = sheet("digits", tmp_path, 10).given
    assert given["x"].shape == (1797, 64)
    assert given["t"].sum(axis=0).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    from sklearn.datasets import load_digits

    assert np.array_equal(given["x"], load_digits().data / 16)
    assert np.array_equal(given["t"].argmax(axis=1), load_digits().target)


def test_digits_without_scikit_learn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    sets._table_of_digits.cache_clear()
    found = fault("{set: digits, take: 100}", tmp_path, 10)
    assert found.says == "the 8×8 digits come with scikit-learn, which is not installed"
    assert found.way_out == 'pip install "backcheck[digits]", or: pip install scikit-learn'


# Examples that are held out


def apart(node: str, folder: Path, shape: tuple[int, int] = (6, 3)) -> tuple[Any, list[str]]:
    root, faults = read(f"held_out: {node}\n", "p.yaml")
    wanted = root.get("held_out")
    assert wanted is not None
    return held_out(Reading(faults), str(folder), wanted, shape, "cross_entropy"), [found.says for found in faults]


@pytest.mark.parametrize(
    "node",
    [
        IMAGES,
        "{inputs: {file: train-images-idx3-ubyte, scale: 1/255}, targets: {file: train-labels-idx1-ubyte}}",
        "{inputs: {file: train-images-idx3-ubyte, scale: 1/255}, targets: [2, 0, 1, 1, 2]}",
    ],
)
def test_held_out(digits: Path, node: str) -> None:
    (inputs, targets), faults = apart(node, digits)
    assert not faults
    assert np.array_equal(inputs, PIXELS.reshape(5, 6) * (1 / 255))
    assert np.array_equal(targets, np.eye(3)[LABELS])


@pytest.mark.parametrize(
    ("node", "says"),
    [
        ("xor", "what is held out has 2 inputs, what is trained on has 6"),
        ("{inputs: [1, 2, 3, 4, 5, 6]}", "targets is missing in held_out"),
        ("{inputs: [1, 2], targets: 0}", "what is held out has 2 inputs, what is trained on has 6"),
        ("{inputs: [1, 2, 3, 4, 5, 6], targets: 7}", "7 is no class: 3 outputs give the classes 0 to 2"),
        ("some", "the set should be xor, spirals, blobs or digits, not 'some'"),
        ("[0.2]", "data should name a set or files, not a list"),
    ],
)
def test_held_out_at_fault(digits: Path, node: str, says: str) -> None:
    found, faults = apart(node, digits)
    assert (found, faults) == (None, [says])


def test_as_large_as_the_handwritten_digits(tmp_path: Path) -> None:
    """60,000 × 784 numbers, of which one-hot rows are made without a loop."""
    images = np.zeros((60_000, 28, 28), np.uint8)
    images[:, 14] = np.arange(60_000)[:, np.newaxis] % 256
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1) as file:
        file.write(idx(images))
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(images))
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(buffer.getvalue())
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(np.arange(60_000) % 10))
    given = sheet(IMAGES.replace("idx3-ubyte", "idx3-ubyte.gz"), tmp_path, 10).given
    assert given["x"].shape == (60_000, 784)
    assert given["x"][255].max() == 1
    assert np.array_equal(given["t"].argmax(axis=1), np.arange(60_000) % 10)
