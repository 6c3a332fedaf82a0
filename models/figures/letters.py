"""Panel letters: their printed forms, and where they stand."""

from models.figures import fonts
from models.figures.canvas import BLACK, WHITE, Canvas
from models.figures.style import FigureStyle
from models.figures.truth import Box

ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def sequence(form: str, count: int, columns: int) -> list[tuple[str, str]]:
    """`(printed, bare)` for `count` panels, as `form` (one of `FigureStyle.letter_form`) writes them."""
    bare_form = form.strip("()[].")
    out: list[tuple[str, str]] = []
    for k in range(count):
        if bare_form == "i":
            bare = ROMAN[k % len(ROMAN)]
        elif bare_form == "1":
            bare = str(k + 1)
        elif bare_form in ("a1", "A1"):
            bare = chr(ord(bare_form[0]) + (k // max(1, columns)) % 26) + str(k % max(1, columns) + 1)
        else:
            bare = chr(ord(bare_form) + k % 26) * (1 + k // 26)
        printed = f"{bare[:-1]}_{{{bare[-1]}}}" if bare_form in ("a1", "A1") and columns % 2 else bare
        out.append((form.replace(bare_form, printed), bare))
    return out


def size_of(printed: str, style: FigureStyle) -> tuple[int, int]:
    """Width and height in px of the printed letter's ink."""
    mask = fonts.render(printed, style.letter_face, style.letter_size).mask
    return int(mask.shape[1]), int(mask.shape[0])


def place(canvas: Canvas, printed: str, x: int, y: int, style: FigureStyle, on_image: bool) -> Box:
    """Draws the letter with its ink's corner at `(x, y)` and returns its ink's box."""
    width, height = size_of(printed, style)
    box = (x, y, x + width, y + height)
    colour = BLACK if canvas.brightness(box) > 118 else WHITE
    if on_image and style.letter_patch in ("white", "black"):
        pad = max(2, style.letter_size // 5)
        square = max(width, height) if len(printed) == 1 else 0
        right, bottom = x + max(width, square) + pad, y + max(height, square) + pad
        ground, colour = (WHITE, BLACK) if style.letter_patch == "white" else (BLACK, WHITE)
        canvas.rectangle((x - pad, y - pad, right, bottom), ground)
    elif on_image and style.letter_patch == "shadow":
        canvas.text(
            x + max(1, style.letter_size // 12),
            y + max(1, style.letter_size // 12),
            printed,
            style.letter_face,
            style.letter_size,
            BLACK if colour == WHITE else WHITE,
        )
    return canvas.text(x, y, printed, style.letter_face, style.letter_size, colour)
