"""Text of JATS in time in proportion to its length."""

import time

from tests.exsclaim.sources.jats.test_jats_variants import fig, made


def test_many_citations_take_time_in_proportion() -> None:
    """For each the whole text before it was looked through: 20,000 took 18 s."""
    cited = 'rods<xref ref-type="bibr">1</xref>, '
    began = time.process_time()
    (figure,) = made(fig("Figure 1", cited * 20_000)).figures
    assert figure.caption.startswith("rods, rods, ")
    assert time.process_time() - began < 8
