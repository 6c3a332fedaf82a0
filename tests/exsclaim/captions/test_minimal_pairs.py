"""Rules of captions, each with what it is for and must leave alone: `minimal_pairs.txt`, whose head says its form."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from exsclaim.captions import split


class _Case(NamedTuple):
    kind: str
    caption: str
    expected: list[tuple[str, str]]


def _cases() -> list[_Case]:
    cases: list[_Case] = []
    kind = ""
    for line in Path(__file__).with_name("minimal_pairs.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind = line[3:]
        elif line.startswith("> "):
            cases.append(_Case(kind, line[2:], []))
        elif cases and line and not line.startswith("#"):
            key, _, value = re.split(r"\s*(=|:)(?:\s+|$)", line, maxsplit=1)
            cases[-1].expected.append((key, value))
    return cases


_CASES = _cases()


@pytest.mark.parametrize("case", _CASES, ids=[f"{case.kind} {number % 2 + 1}" for number, case in enumerate(_CASES)])
def test_words_lengths_and_techniques_come_to_their_labels(case: _Case) -> None:
    parts = split(case.caption)

    expected_nm: dict[str, float] = {}
    states_nm = False
    for key, value in case.expected:
        what, *labels = key.split()
        if what == "labels":
            assert list(parts.segments) == value.split()
        elif what == "nm":
            states_nm = True
            expected_nm |= {label: float(value) for label in labels}
        elif what == "technique":
            assert all(set(value.split(", ")) <= set(parts.techniques[label]) for label in labels)
        elif what == "*":
            assert " | ".join(parts.general) == value
        else:
            assert {label: " | ".join(parts.segments.get(label, ())) for label in key.split()} == dict.fromkeys(
                key.split(), value
            )
    named = [label for key, _ in case.expected for label in key.split() if key.split()[0] not in ("labels", "nm", "*")]
    if named and "technique" not in named:
        assert set(parts.segments) == set(named)
    if states_nm:
        assert {label: length for label, length in parts.scale_nm.items() if label} == expected_nm
