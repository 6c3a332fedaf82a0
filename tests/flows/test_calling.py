"""Tasks called for article after article: Prefect's flow run does not grow with them."""

from prefect import flow
from prefect.context import FlowRunContext

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
