"""Problem files: every legal one is worked, every other one gets its exact message, and the schema knows them apart."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import yaml
from test_formulas import formulas_hold

import backcheck
from backcheck import api
from backcheck.errors import BadProblem, Undefined
from backcheck.problem.schema import schema
from backcheck.problem.text import MOST_FAULTS

HERE = Path(__file__).parent
INVALID = sorted((HERE / "invalid").glob("*.yaml"))
VALID = sorted((HERE / "valid").glob("*.yaml"))
SHIPPED = sorted((HERE.parent / "problems").glob("*.yaml"))
SCHEMA = jsonschema.Draft7Validator(schema())
LONGEST_WAIT = 2.0  # seconds in which even a hostile file is refused

NETWORK = "inputs: [1, 2]\ntargets: [0.5]\nlayers:\n  - weights: {}\n    activation: {}\nloss: {}\n"


def network(weights: str = "[[0.1, 0.2]]", activation: str = "tanh", loss: str = "squared_error", more: str = "") -> str:
    return NETWORK.format(weights, activation, loss) + more


def message(path: Path) -> str:
    """What is said about a file, with the file called by its bare name."""
    with pytest.raises(BadProblem) as caught:
        backcheck.load(str(path))
    return str(caught.value).replace(f"{path.parent}{os.sep}", "")


def refused(text: str | bytes, folder: str = "") -> str:
    with pytest.raises(BadProblem) as caught:
        api.loads(text, "p.yaml", folder)
    return str(caught.value)


def expected(path: Path) -> tuple[str, str]:
    """The comment at the end of an invalid file: what the schema does, and what is said."""
    _, _, comment = path.read_text(encoding="utf-8").rpartition("# schema: ")
    schema_does, _, says = comment.partition("\n# says:\n")
    return schema_does, "\n".join(line.removeprefix("#").removeprefix(" ") for line in says.splitlines())


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < LONGEST_WAIT


def test_there_are_many() -> None:
    assert len(INVALID) >= 60
    assert len(VALID) >= 25


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid(path: Path) -> None:
    assert message(path) == expected(path)[1]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_schema_of_invalid(path: Path) -> None:
    schema_does = expected(path)[0]
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError):
        assert schema_does == "cannot read"
        return
    assert schema_does == ("accepts" if SCHEMA.is_valid(document) else "refuses")


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid(path: Path) -> None:
    """Every number of it is finite, and what is printed is what was computed."""
    sheet = backcheck.load(path)
    done = backcheck.step(sheet)
    assert all(np.isfinite(done.array(row.name)).all() for row in done.sheet.rows)
    formulas_hold(sheet)


@pytest.mark.parametrize("path", VALID + SHIPPED, ids=lambda path: path.stem)
def test_schema_of_valid(path: Path) -> None:
    SCHEMA.validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(schema())


def test_the_schema_describes_every_key() -> None:
    definitions = schema()["definitions"]
    for name in ("network", "graph", "layer", "network_marking", "graph_marking", "training", "variant"):
        for key, found in definitions[name]["properties"].items():
            described = definitions[found["$ref"].rpartition("/")[2]] if "$ref" in found else found
            assert described["description"], key


TRAINED = """data: {set: blobs, examples: 8, classes: 2}
layers:
  - weights: {init: he, units: 3, seed: 1}
    activation: relu
  - weights: {init: xavier, units: 2, seed: 2}
    activation: softmax
loss: cross_entropy
learning_rate: 0.1
"""
OF_TRAINING = [
    "epochs: 5, batch_size: 4, shuffle: false, seed: 3, level: 0.1",
    "optimiser: adam, schedule: cosine, precision: float32, order: output_first",
    "optimiser: {adamw: {beta1: 0.8, epsilon: 1e-6, decay: 1/100}}, schedule: {step: {every: 3, factor: 0.5}}",
    "optimiser: {momentum: }, schedule: {plateau: {patience: 3, least: 0.001}}",
    "l1: 0.01, l2: {strength: 1/1000, half: true, biases: false}",
    "l1: {strength: 0.1, biases: true}",
    "dropout: 0.2",
    "dropout: [{keep: 0.8}]",
    "clip: 1",
    "clip: {norm: 1}",
    "clip: {value: 0.5}",
    "early_stopping: true",
    "early_stopping: {patience: 3, least: 0.01, keep_best: true}",
    "held_out: 0.25",
    "held_out: {set: blobs, classes: 2, seed: 9}",
    "held_out: {inputs: [[0, 1], [1, 0]], targets: [0, 1]}",
]
NOT_OF_TRAINING = [
    "epochs: 0",
    "epoch: 5",
    "batch_size: 1/2",
    "shuffle: maybe",
    "seed: -1",
    "optimiser: adamm",
    "optimiser: {sgd: {beta: 0.9}}",
    "optimiser: {momentum: {beta: 1}}",
    "optimiser: {adam: {}, sgd: {}}",
    "schedule: {step: {every: 0}}",
    "schedule: 0.1",
    "l1: -0.1",
    "l1: {strength: 0.1, half: true}",
    "l2: {half: true}",
    "dropout: 1",
    "dropout: {keep: 0}",
    "dropout: []",
    "clip: 0",
    "clip: {norm: 1, value: 1}",
    "early_stopping: {patience: 0}",
    "held_out: 1",
    "held_out: {inputs: [[0, 1]]}",
    "precision: float16",
    "order: backwards",
    "start: w.csv",
    "level: low",
]
VARIANTS = [
    "{rate: 0.5}",
    "{name: A, optimiser: adam, epochs: 3}",
    "{name: A, training: {l2: 0.1}}",
    "{hidden: 2}",
    "{activation: {leaky_relu: {slope: 0.1}}}",
    "{layer 1: {activation: tanh}, every layer: {biases: 0}}",
    "{hidden layers: {activation: sigmoid}, loss: squared_error, data: {set: blobs, classes: 2}}",
    "{init: {init: uniform, low: -1, high: 1, seed: 4}}",
]
NOT_VARIANTS = ["tanh", "{speed: 3}", "{hidden: -1}", "{layer 0: {activation: tanh}}", "{layer 1: {units_: 3}}", "{rate: -1}"]


@pytest.mark.parametrize("section", OF_TRAINING)
def test_schema_of_training(section: str) -> None:
    text = f"{TRAINED}training: {{{section}}}\n"
    SCHEMA.validate(yaml.safe_load(text))
    api.loads(text)


@pytest.mark.parametrize("section", NOT_OF_TRAINING)
def test_schema_of_no_training(section: str) -> None:
    text = f"{TRAINED}training: {{{section}}}\n"
    assert not SCHEMA.is_valid(yaml.safe_load(text))
    assert ":9:" in refused(text)


@pytest.mark.parametrize("variant", VARIANTS)
def test_schema_of_variants(variant: str) -> None:
    text = f"{TRAINED}variants:\n  - {variant}\n"
    SCHEMA.validate(yaml.safe_load(text))
    api.loads(text)


@pytest.mark.parametrize("variant", NOT_VARIANTS)
def test_schema_of_no_variants(variant: str) -> None:
    assert not SCHEMA.is_valid(yaml.safe_load(f"{TRAINED}variants:\n  - {variant}\n"))


@pytest.mark.parametrize(
    ("claims", "legal"), [("[W1 never changes]", True), ("W1 never changes", False), ("[]", False), ("[1]", False)]
)
def test_schema_of_claims(claims: str, legal: bool) -> None:
    assert SCHEMA.is_valid(yaml.safe_load(f"{TRAINED}claims: {claims}\n")) == legal


# Files that are no text, or that are not there


def test_empty(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").touch()
    assert message(tmp_path / "p.yaml") == (
        "p.yaml:1:1: the file is empty\n    begin with a file from problems/, or with: backcheck new 2-3-2"
    )


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (bytes(range(128, 256)), "p.yaml:1:1: this is no text: byte 0x80 is not UTF-8"),
        ("title: Übung".encode("latin-1"), "p.yaml:1:8: this is no text: byte 0xdc is not UTF-8"),
        ("title: ü".encode() + b"\ntitle: \xc3\xbc\xff", "p.yaml:2:9: this is no text: byte 0xff is not UTF-8"),
        ("title: a".encode("utf-16"), "p.yaml:1:1: this is no text: byte 0xff is not UTF-8"),
        ("title: a".encode("utf-16-le"), "p.yaml:1:2: this is no text: it holds a NUL byte"),
        (b"title: a\nloss: \0\n", "p.yaml:2:7: this is no text: it holds a NUL byte"),
    ],
)
def test_no_text(tmp_path: Path, raw: bytes, says: str) -> None:
    (tmp_path / "p.yaml").write_bytes(raw)
    assert message(tmp_path / "p.yaml").startswith(says + "\n    a problem is a YAML file")


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault() -> None:
    assert backcheck.step(api.loads(b"\xef\xbb\xbf" + network().replace("\n", "\r\n").encode())).loss > 0


def test_a_folder(tmp_path: Path) -> None:
    assert message(tmp_path) == f"{tmp_path}:1:1: this is a folder; name the problem file in it".replace(f"{tmp_path.parent}/", "")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.touch()
    os.truncate(path, 100 * 2**20)
    assert message(path) == (
        "p.yaml:1:1: the file is too large: a problem file has at most 16,777,216 bytes\n"
        "    put large arrays into an .npz or .csv file: weights: {file: w.npz, key: W1}"
    )


def test_no_such_file(tmp_path: Path) -> None:
    (tmp_path / "sheet1.yaml").touch()
    assert message(tmp_path / "shet1.yaml").startswith("shet1.yaml:1:1: there is no such file; did you mean 'sheet1.yaml'?")
    assert message(tmp_path / "else" / "p.yaml") == "p.yaml:1:1: there is no such file"


@pytest.mark.parametrize(("error", "says"), [(FileNotFoundError, "there is no such file"), (PermissionError, "denied")])
def test_a_file_that_vanishes_or_is_locked(monkeypatch: pytest.MonkeyPatch, error: type[OSError], says: str) -> None:
    def vanish(*_: object) -> None:
        raise error(13, "Permission denied")

    monkeypatch.setattr("backcheck.opening.open", vanish, raising=False)
    with pytest.raises(BadProblem, match=says):
        backcheck.load("p.yaml")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(network())
    path.chmod(0)
    assert message(path) == "p.yaml:1:1: the file cannot be read: Permission denied"


# Hostile YAML


@pytest.mark.parametrize("text", ["[" * 100_000, "{" * 100_000, "inputs: " + "[" * 100_000, "- " * 100_000, "? " * 100_000])
def test_very_many_brackets(text: str) -> None:
    assert "stand inside each other" in refused(text) or "a name was expected before the colon" in refused(text)


def test_an_alias_bomb() -> None:
    lines = ["a: &a [1, 1]"] + [f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    assert refused("\n".join(lines)).splitlines()[0] == "p.yaml:2:8: an alias, *a: aliases are not read"


def test_an_open_quotation_mark() -> None:
    assert refused('title: "mine\nloss: huber\n') == (
        'p.yaml:1:8: this quotation mark is not closed\n    1 | title: "mine\n      |        ^'
    )


def test_a_form_feed() -> None:
    assert refused("title: é\nloss: é\x0c\n").startswith("p.yaml:2:8: a control character stands in the file\n")


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"key{i}: 1\n" for i in range(50_000)),
        "names:\n" + "".join(f"  n{i}: z9\n" for i in range(50_000)),
        "loss: huber\n" * 50_000,
        f"inputs: [{'a, ' * 100_000}a]\n",
        network(activation=f"[{'sigmod, ' * 50_000}tanh]"),
        network(more="names:\n" + "".join(f"  n{i}: z1[7]\n" for i in range(50_000))),
    ],
    ids=["unknown keys", "names", "one key", "words", "activations", "names of nothing"],
)
def test_very_many_faults(text: str) -> None:
    assert len(refused(text)) < 400 * MOST_FAULTS


@pytest.mark.parametrize("length", [100, 4001, 1_000_000])
@pytest.mark.parametrize("where", ["weights", "activation", "loss", "more"])
def test_very_long_words(length: int, where: str) -> None:
    for letter in ("a", "1", "(", "-", "é"):
        text = network(**{where: f'"{letter * length}"' if where != "more" else f"{letter * length}: 1\n"})
        assert len(refused(text)) < 5 * length + 5000


@pytest.mark.parametrize(
    "name",
    ["W1[1,1]" + "'" * 3000, "dL/d" * 1000 + "x1", "x" + "9" * 5000, "z1[" + "9" * 5000 + "]", "delta" + "1" * 5000, "z1[0]"],
    ids=lambda name: name[:12],
)
def test_very_long_names_of_nothing(name: str) -> None:
    assert "should name a quantity, not" in refused(network(more=f'names: {{q: "{name}"}}\n'))


@pytest.mark.parametrize(
    "formula",
    [
        "z" + "/z" * 1900,
        "z" + "*z" * 1900,
        "z" + "/z*z" * 900,
        "z" + "**z" * 1000,
        "-" * 3000 + "z",
        "(" * 1900 + "z" + ")" * 1900,
        "exp(" * 900 + "z" + ")" * 900,
        "z" + "+" * 3999,
    ],
    ids=["/", "*", "/*", "**", "-", "()", "exp", "+"],
)
def test_hostile_formulas(formula: str) -> None:
    refused(network(activation=f"'{formula}'"))
    refused(network(loss=f"'sum({formula.replace('z', 'y')})'"))
    refused(f"expression: '{formula.replace('z', 'x')}'\nat: {{x: 1}}\n")


@pytest.mark.parametrize(
    "formula",
    ["z" + "+z" * 1990, "z" + "/z" * 59, "tanh(" * 25 + "z" + ")" * 25, "z**" + "9" * 300, "1e999*z"],
    ids=lambda formula: formula[:12],
)
def test_long_formulas_are_worked_or_have_no_value(formula: str) -> None:
    sheet = api.loads(network(activation=f"'{formula}'", more="learning_rate: 1\n"))
    try:
        backcheck.step(sheet)
    except Undefined as error:
        assert "has no value" in str(error)  # noqa: PT017 - both ends are right


def test_very_many_lines_of_a_graph() -> None:
    lines = "".join(f"  a{i}: a{i - 1} + x\n" for i in range(1, 20_000))
    assert "at most 500" in refused(f"let:\n  a0: x*2\n{lines}at: {{x: 1}}\n")


@pytest.mark.parametrize(
    "number", ["1/0", "0/0", "1/1e-999", "1e999/1", "1e99999", "nan", "-inf", "٣", "½", "1__0", "0b1", "1j", "--1", "1/2/3"]
)
def test_no_numbers(number: str) -> None:
    assert refused(network(more=f"learning_rate: {number}\n")).startswith("p.yaml:7:16: ")


# Arrays beside the file


def saved(**arrays: object) -> Callable[[Path], None]:
    return lambda path: np.savez(path, **{name: np.asarray(array) for name, array in arrays.items()})  # type: ignore[arg-type]


def zipped(content: bytes, name: str = "W.npy", compression: int = zipfile.ZIP_STORED) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", compression) as archive:
            archive.writestr(name, content)

    return write


def npy(header: str, body: bytes = b"") -> bytes:
    text = header.encode() + b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + body


def pickled() -> bytes:
    file = io.BytesIO()
    np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return file.getvalue()


HUGE = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000,), }")
BROKEN: list[tuple[str, str, Callable[[Path], object], str]] = [
    ("pickled", "{file: w.npz}", zipped(pickled()), "'w.npz' cannot be read: Object arrays cannot be loaded"),
    ("no archive", "{file: w.npz}", lambda p: p.write_bytes(b"hello"), "'w.npz' cannot be read: it is no .npz file"),
    ("cut", "{file: w.npz}", lambda p: (saved(W=[[1, 2]])(p), os.truncate(p, 150)), "'w.npz' cannot be read: "),
    ("no array", "{file: w.npz}", zipped(b"hello", "W.txt"), "'w.npz' holds "),
    ("huge header", "{file: w.npz}", zipped(HUGE), "'w.npz' cannot be read: "),
    ("odd header", "{file: w.npz}", zipped(npy("{'descr': __import__('os'), 'shape': ()}")), "'w.npz' cannot be read: "),
    ("words", "{file: w.npz}", saved(W=[["a", "b"]]), "'w.npz' holds <U1, not numbers"),
    ("complex", "{file: w.npz}", saved(W=[[1j, 2]]), "'w.npz' holds complex128, not numbers"),
    ("true", "{file: w.npz}", saved(W=[[True, False]]), "'w.npz' holds bool, not numbers"),
    ("records", "{file: w.npz}", saved(W=np.zeros(2, dtype="i4,f8")), "'w.npz' holds [('f0', '<i4'), ('f1', '<f8')], not numbers"),
    ("nan", "{file: w.npz}", saved(W=[[1, float("nan")]]), "'w.npz' holds nan at [1,2]"),
    ("empty", "{file: w.npz}", saved(W=np.zeros((0, 2))), "'w.npz' holds 0 numbers"),
    ("shape", "{file: w.npz}", saved(W=[[1, 2, 3]]), "weights of layer 1 has 3 columns for 2 inputs"),
    ("flat", "{file: w.npz}", saved(W=[1, 2]), "weights of layer 1 has the shape (2,); it should be one row for each unit"),
    ("one number", "{file: w.npz}", saved(W=1), "weights of layer 1 has the shape (); it should be one row for each unit"),
    ("which", "{file: w.npz}", saved(W=[[1, 2]], V=[[1, 2]]), "the file holds several arrays: which one?"),
    ("key", "{file: w.npz, key: W3}", saved(W1=[[1, 2]]), "no array 'W3' in the file"),
    ("pickled npy", "{file: w.npy}", lambda p: p.write_bytes(pickled()), "'w.npy' cannot be read: Object arrays cannot be loaded"),
    ("npy of zip", "{file: w.npy}", lambda p: p.write_bytes(b"PK\x03\x04 broken"), "'w.npy' "),
    (
        "csv text",
        "{file: w.csv}",
        lambda p: p.write_text("1, high\n"),
        "'w.csv' cannot be read: line 1 holds 'high', which is no number",
    ),
    ("csv empty", "{file: w.csv}", lambda p: p.touch(), "'w.csv' cannot be read: it is empty"),
    (
        "csv nan",
        "{file: w.csv}",
        lambda p: p.write_text("1, nan\n"),
        "'w.csv' cannot be read: line 1 holds 'nan', which is no number",
    ),
    ("csv inf", "{file: w.csv}", lambda p: p.write_text("1, 1e999\n"), "'w.csv' holds inf at [1,2]"),
    ("csv bytes", "{file: w.csv}", lambda p: p.write_bytes(b"\xff\xfe1\0"), "'w.csv' cannot be read: "),
    ("csv folder", "{file: w.csv}", lambda p: p.mkdir(), "'w.csv' cannot be read: "),
    ("csv sparse", "{file: w.csv}", lambda p: (p.touch(), os.truncate(p, 2**31)), "'w.csv' cannot be read: it has more than"),
]


@pytest.mark.parametrize(("name", "weights", "write", "says"), BROKEN, ids=[case[0] for case in BROKEN])
def test_broken_arrays(tmp_path: Path, name: str, weights: str, write: Callable[[Path], object], says: str) -> None:
    write(tmp_path / weights[7:12])
    first = refused(network(weights), str(tmp_path)).splitlines()[0]
    assert first.startswith("p.yaml:4:")
    assert says in first


def test_an_npz_bomb(tmp_path: Path) -> None:
    """An archive of a few kilobytes that claims to hold gigabytes is refused before it is unpacked."""
    zipped(b"\0" * 2**20, compression=zipfile.ZIP_DEFLATED)(tmp_path / "w.npz")
    raw = bytearray((tmp_path / "w.npz").read_bytes())
    at = raw.rindex(b"PK\x01\x02") + 24  # the size of the part, in the list at the end of the archive
    raw[at : at + 4] = (2**31).to_bytes(4, "little")
    (tmp_path / "w.npz").write_bytes(raw)
    says = refused(network("{file: w.npz}"), str(tmp_path)).splitlines()[0]
    assert says == "p.yaml:4:21: 'w.npz' cannot be read: unpacked it has more than 1,073,741,824 bytes"


@pytest.mark.parametrize("weights", ["{file: w.npz, key: W1}", "{file: w.npy}"])
def test_arrays_from_files(tmp_path: Path, weights: str) -> None:
    np.savez(tmp_path / "w.npz", W1=np.array([[0.25, 0.5]]), b1=np.zeros(1))
    np.save(tmp_path / "w.npy", np.array([[0.25, 0.5]]))
    text = network(weights)
    SCHEMA.validate(yaml.safe_load(text))
    assert backcheck.step(api.loads(text, "p.yaml", str(tmp_path)))["z1[1]"] == 1.25


@pytest.mark.parametrize(
    "path",
    [r'"\0.npz"', f"{'a' * 5000}.npz", "/nowhere/at/all.npz", "../../nothing.csv", ".npz", "w.npz/w.npz"],
    ids=lambda path: path[:12],
)
def test_paths_that_lead_nowhere(tmp_path: Path, path: str) -> None:
    (tmp_path / "w.npz").touch()
    assert refused(network(f"{{file: {path}}}"), str(tmp_path)).startswith("p.yaml:4:21: ")
