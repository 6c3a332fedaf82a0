"""Time and memory of figure separation: `python benchmarks/separation.py [FIGURES]` (a folder of images).

Loading is timed in the first call; the figures are read before the clock starts.
"""

import resource
import sys
import time
from pathlib import Path
from statistics import median

from exsclaim.figures import SEPARATION_VERSION, model_versions, separate
from exsclaim.figures.image import read_image
from exsclaim.settings import settings

DEFAULT = Path(__file__).parents[2] / "shared" / "data" / "figures"


def main(folder: Path) -> None:
    """Separates every figure of `folder` once and prints how fast that went, and what memory it took."""
    files = sorted(path for path in folder.glob("*") if path.suffix in (".png", ".jpg", ".jpeg"))
    if not files:
        print(f"{folder}: no .png or .jpg in it; give the path of a folder of figures")
        return
    images = [read_image(file, settings().max_image_megapixels) for file in files]
    began = time.perf_counter()
    separate(images[0], device=settings().device)
    first_s = time.perf_counter() - began
    seconds = []
    panels = 0
    for image in images:
        began = time.perf_counter()
        panels += len(separate(image, device=settings().device))
        seconds.append(time.perf_counter() - began)
    slowest = max(range(len(files)), key=seconds.__getitem__)
    megapixels = sum(image.shape[0] * image.shape[1] for image in images) / 1e6
    networks = ", ".join(f"{name} {digest[:12]}" for name, digest in model_versions().items()) or "none"
    print(f"separation version {SEPARATION_VERSION}, device {settings().device}, networks: {networks}")
    print(f"{len(files)} figures, {megapixels:.1f} megapixels, {panels} panels, parts included")
    print(f"loading and first figure {first_s:.2f} s, then {median(seconds):.2f} s per figure (median)")
    print(f"{sum(seconds) / megapixels:.2f} s per megapixel, slowest {seconds[slowest]:.2f} s ({files[slowest].name})")
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
