"""Doubtful letters in line, in the order of the alphabet and of one print vouch for each other."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.figures.labels.label_runs import going_on, vouched
from exsclaim.geometry import Box

DOUBTFUL = 0.3


def letter(name: str, x: float, y: float, *, height: float = 20, confidence: float = DOUBTFUL) -> DetectedLabel:
    return DetectedLabel(Box.of((x, y, x + 18, y + height)), confidence, {name: 0.9})


def believed(letters: list[DetectedLabel]) -> str:
    return "".join(next(iter(item.probabilities)) for item in vouched(letters) if item.confidence > DOUBTFUL)


def test_a_row_of_letters_is_believed() -> None:
    assert believed([letter("a", 10, 200), letter("b", 210, 202), letter("c", 410, 199)]) == "abc"


def test_a_column_of_letters_is_believed() -> None:
    assert believed([letter(name, 10 + i, 150 * i) for i, name in enumerate("abcd")]) == "abcd"


def test_rows_and_columns_of_a_grid_are_one_run() -> None:
    assert believed([letter(name, 10 + 300 * (i % 2), 250 * (i // 2)) for i, name in enumerate("abcd")]) == "abcd"


def test_two_letters_are_too_few() -> None:
    assert believed([letter("a", 10, 200), letter("b", 210, 200)]) == ""


def test_letters_that_do_not_begin_with_a_are_ticks_or_names() -> None:
    assert believed([letter("n", 10, 200), letter("o", 210, 200), letter("p", 410, 200)]) == ""


def test_letters_out_of_order_are_no_run() -> None:
    assert believed([letter("c", 10, 200), letter("b", 210, 200), letter("a", 410, 200)]) == ""


def test_letters_out_of_line_are_no_run() -> None:
    assert believed([letter("a", 10, 0), letter("b", 130, 90), letter("c", 260, 200)]) == ""


def test_a_letter_of_another_print_is_none_of_them() -> None:
    row = [letter("a", 10, 200), letter("b", 210, 200), letter("c", 410, 200)]
    assert believed([*row, letter("d", 610, 200, height=50)]) == "abc"


def test_a_letter_after_a_gap_is_not_vouched_for() -> None:
    assert believed([letter(name, 10 + 100 * i, 0) for i, name in enumerate("abce")]) == "abc"


@given(st.lists(st.tuples(st.sampled_from("abcdex"), st.integers(0, 900), st.integers(0, 900)), max_size=8))
def test_no_letter_is_lost_moved_or_believed_less(items: list[tuple[str, int, int]]) -> None:
    letters = [letter(name, x, y) for name, x, y in items]
    after = vouched(letters)
    assert [(item.box, item.probabilities) for item in after] == [(item.box, item.probabilities) for item in letters]
    assert all(new.confidence >= old.confidence for new, old in zip(after, letters, strict=True))


def test_a_run_that_the_caption_names_begins_with_any_letter_and_is_read_surely() -> None:
    column = [replace(letter(name, 10, 150 * i), probabilities={name: 0.55, "o": 0.3}) for i, name in enumerate("bcd")]
    assert believed(column) == ""
    after = vouched(column, ["A", "B", "C", "D"])
    assert [item.confidence > DOUBTFUL for item in after] == [True] * 3
    assert [item.folded[name] >= 0.9 for item, name in zip(after, "bcd", strict=True)] == [True] * 3


def test_a_run_keeps_its_capitals() -> None:
    row = [
        DetectedLabel(letter(n, 10 + 200 * i, 0).box, DOUBTFUL, {n: 0.1, n.upper(): 0.5}) for i, n in enumerate("abc")
    ]
    assert [max(item.probabilities, key=item.probabilities.__getitem__) for item in vouched(row, "abc")] == list("ABC")


def test_letters_that_the_caption_does_not_name_or_that_leave_one_out_are_no_promised_run() -> None:
    ticks = [letter(name, 10 + 200 * i, 300) for i, name in enumerate("nop")]
    assert vouched(ticks, ["a", "b", "c"]) == tuple(ticks)
    gap = [letter(name, 10 + 200 * i, 300) for i, name in enumerate("bce")]
    assert vouched(gap, list("abcde")) == tuple(gap)


def blocks(names: str, dx: float, dy: float) -> list[DetectedLabel]:
    """Two rows of letters, the second one doubtful, so far from the first."""
    first = [letter(name, 10 + 200 * i, 20, confidence=0.9) for i, name in enumerate(names)]
    return first + [letter(name, 10 + 200 * i + dx, 20 + dy) for i, name in enumerate(names)]


def test_a_second_block_of_panels_is_believed_like_the_first() -> None:
    assert believed(blocks("abcd", 0, 300)) == "abcdabcd"
    assert believed(blocks("abc", 620, 4)) == "abcabc"
    assert believed(blocks("ab", 0, 300)) == "abab"


def test_letters_seen_again_here_and_there_are_no_second_block() -> None:
    letters = blocks("abcd", 0, 300)
    scattered = [letter(item_name, 90 + 170 * i, 300 - 60 * i) for i, item_name in enumerate("abcd")]

    assert believed(letters[:4] + scattered) == "abcd"
    assert believed(letters[:5]) == "abcd"


def test_the_surer_letters_may_be_those_of_either_block() -> None:
    first, second = blocks("abcd", 0, 300)[:4], blocks("abcd", 0, 300)[4:]
    mixed = [first[0], replace(first[1], confidence=DOUBTFUL), first[2], first[3]]
    mixed += [second[0], replace(second[1], confidence=0.9), second[2], second[3]]

    assert believed(mixed) == "abcdabcd"


SEEN = 0.9


def grid(names: str, *, confidence: float = SEEN) -> list[DetectedLabel]:
    """Letters at the corners of panels in rows of two."""
    return [letter(name, 10 + 300 * (i % 2), 250 * (i // 2), confidence=confidence) for i, name in enumerate(names)]


def test_letters_go_on_where_the_captions_labels_end() -> None:
    assert going_on(grid("abcd"), ["a", "b"]) == ("c", "d")
    assert going_on(grid("abcdef"), ["a", "b", "c"]) == ("d", "e", "f")


def test_they_are_written_as_the_caption_writes_its_own() -> None:
    assert going_on(grid("abcd"), ["A", "B"]) == ("C", "D")


def test_nothing_goes_on_without_a_caption_or_from_other_labels_than_a_and_b() -> None:
    assert going_on(grid("abcd"), []) == ()
    assert going_on(grid("abcd"), ["a"]) == ()
    assert going_on(grid("abcd"), ["b", "c"]) == ()
    assert going_on(grid("abcd"), ["a", "c"]) == ()
    assert going_on(grid("abcd"), ["1", "2"]) == ()


def test_one_letter_more_may_be_a_crystals_axis() -> None:
    assert going_on(grid("abc"), ["a", "b"]) == ()


def test_a_gap_ends_them() -> None:
    assert going_on(grid("abef"), ["a", "b"]) == ()


def test_doubtful_letters_do_not_go_on() -> None:
    letters = [*grid("ab"), *grid("abcd", confidence=DOUBTFUL)[2:]]
    assert going_on(letters, ["a", "b"]) == ()


def test_letters_out_of_line_do_not_go_on() -> None:
    letters = [*grid("ab"), letter("c", 90, 300, confidence=SEEN), letter("d", 480, 390, confidence=SEEN)]
    assert going_on(letters, ["a", "b"]) == ()


def test_letters_of_another_print_do_not_go_on() -> None:
    smaller = [letter(name, 10, 250 + 40 * i, height=9, confidence=SEEN) for i, name in enumerate("cd")]
    assert going_on([*grid("ab"), *smaller], ["a", "b"]) == ()


def test_letters_that_stand_twice_name_curves() -> None:
    legend = [letter(name, 200, 30 + 30 * i, confidence=SEEN) for i, name in enumerate("abcd")]
    assert going_on([*grid("ab"), *legend], ["a", "b"]) == ()


def test_where_a_label_of_the_caption_is_not_seen_nothing_goes_on() -> None:
    assert going_on(grid("acde"), ["a", "b"]) == ()
