"""Tasks called for article after article: Prefect's flow run does not grow with them; results of earlier versions."""

import json
from pathlib import Path

from prefect import flow
from prefect.context import FlowRunContext

from exsclaim.harvests.article_stages import SplitCaptions, StageOutcome
from tasks.calling import call
from tasks.captions import split_captions


def test_a_flow_run_keeps_no_link_to_what_its_tasks_gave() -> None:
    @flow(persist_result=False)
    def many_articles() -> int:
        for number in range(3):
            caption = {f"nature/x{number}/fig1": f"(a) Silver {number}. (b) Gold."}
            assert call(split_captions, captions=caption, terms=[], article_id=f"nature/x{number}").error is None
        flow_run = FlowRunContext.get()
        assert flow_run is not None
        return len(flow_run.run_results)

    assert many_articles() == 0


def test_a_result_that_an_earlier_version_gave_in_another_form_is_made_anew(home: Path) -> None:
    @flow(persist_result=False)
    def split() -> StageOutcome:
        return call(split_captions, captions={"nature/x/fig1": "(a) Silver."}, terms=[], article_id="nature/x")

    today = split()
    (file,) = (home / "tasks" / "captions").iterdir()
    record = json.loads(file.read_bytes())
    file.write_text(json.dumps(record | {"result": json.dumps(["a list, as searches once gave"])}))

    again = split()

    assert isinstance(again.value, SplitCaptions)
    assert (again.value, again.is_cached) == (today.value, False)
    assert json.loads(file.read_bytes())["result"] == record["result"]
