"""Pages and the interface for programs, as a client on HTTP sees them."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("fastapi", reason="the pages come with the gallery extra")

from fastapi.testclient import TestClient
from PIL import Image

from exsclaim.gallery.application import application
from exsclaim.gallery.browsing_pages import pages
from exsclaim.gallery.json_interface import programs
from exsclaim.gallery.panel_files import downloads, images
from exsclaim.gallery.protection import Protection, Templates
from exsclaim.gallery.reviewing import reviewing
from exsclaim.gallery.searches import Search
from exsclaim.gallery.selection import query_for_more
from exsclaim.gallery.served_dataset import ServedDataset
from exsclaim.query import parse
from exsclaim.settings import settings
from exsclaim.storage.remote import RemoteFiles
from tests.exsclaim.gallery.conftest import ARTICLES, Publisher

BASE = "http://127.0.0.1"
FIGURE = "nature/silver/fig1"


@pytest.fixture(scope="module")
def client(_published_articles: Path, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Is shown the data set of `ARTICLES`, which no page changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXSCLAIM_HOME", str(tmp_path_factory.mktemp("home")))
        settings.cache_clear()
        made = TestClient(application(_published_articles / "results" / "silver"), base_url=BASE)
        assert made.get("/").status_code == 200  # from now on the index is there
    settings.cache_clear()
    return made


def test_the_first_page_shows_all_panels_and_counts_what_they_are(client: TestClient) -> None:
    page = client.get("/").text
    assert len(re.findall(r'class="card"', page)) == 6
    assert "ACS Nano" in page
    assert "of 6 panels" in page


def test_where_a_panel_is_from_has_no_gap_where_the_journal_is_not_known(publish_articles: Publisher) -> None:
    page = TestClient(application(publish_articles(ARTICLES[0] | {"journal": ""})), base_url=BASE).get("/").text
    assert set(re.findall(r'<p class="from">(.*?)</p>', page)) == {"2021 · CC-BY-4.0"}


def test_a_prompt_becomes_conditions_that_can_be_removed(client: TestClient) -> None:
    page = client.get("/find", params={"prompt": "SEM of titania nanotubes at 200 kV"}).text
    assert len(re.findall(r'class="card"', page)) == 1
    assert 'aria-label="Remove technique: SEM"' in page
    assert "Not understood: “at 200 kV”." in page


@pytest.mark.parametrize("prompt", ["zzzqqq", "200 kV", "zzzqqq xylophones", "zzzqqq at 200 kV"])
def test_what_is_understood_nowhere_finds_nothing_and_it_is_said(client: TestClient, prompt: str) -> None:
    page = client.get("/find", params={"prompt": prompt}).text
    assert 'class="card"' not in page
    assert "No other condition is left, so that nothing is found." in page
    assert client.get("/api/search", params={"prompt": prompt}).json()["total"] == 0


def test_a_word_with_a_typo_is_passed_over_beside_good_ones(client: TestClient) -> None:
    page = client.get("/find", params={"prompt": "graphs pervoskite"}).text
    assert len(re.findall(r'class="card"', page)) == 1
    assert "text has “pervoskite”: passed over." in page
    assert client.get("/api/panels?text=zzzqqq").json()["total"] == 0


@pytest.mark.parametrize("prompt", ["graphs", "maps", "neuron", "silver since 2020", "zzzqqq", "scale bars of 20 nm"])
def test_a_prompt_in_an_address_is_understood_as_in_the_search(client: TestClient, prompt: str) -> None:
    total = client.get("/api/search", params={"prompt": prompt}).json()["total"]
    for path in ("/", "/find"):
        page = client.get(path, params={"prompt": prompt}).text
        assert f"<title>{total} panel{'s' if total != 1 else ''} ·" in page, path


def test_conditions_beside_a_prompt_hold_too_and_may_not_contradict_it(client: TestClient) -> None:
    assert "<title>1 panel ·" in client.get("/?prompt=micrographs&technique=SEM").text
    answer = client.get("/?prompt=since+2020&year_min=2021")
    assert answer.status_code == 400
    assert "year_min is given twice: 2021 and 2020" in answer.text


def test_where_nothing_fits_the_page_says_what_to_do(client: TestClient) -> None:
    page = client.get("/?technique=EPR").text
    assert "No panel fits" in page
    assert "look at all 6 panels" in page


def test_a_figure_is_shown_with_boxes_caption_and_licence(client: TestClient) -> None:
    page = client.get(f"/figure/{FIGURE}").text
    assert page.count('<rect class="panel"') == 2
    assert page.count('<rect class="bar"') == 2
    assert "CC-BY-4.0" in page
    assert "0.5 nm per pixel" in page
    assert "Two kinds are about equally likely" in page


def test_pictures_are_what_the_tables_say(client: TestClient) -> None:
    crop = Image.open(io.BytesIO(client.get(f"/crop/{FIGURE}/p1").content))
    thumbnail = Image.open(io.BytesIO(client.get(f"/thumbnail/{FIGURE}/p1").content))
    figure = Image.open(io.BytesIO(client.get(f"/image/{FIGURE}").content))
    assert (crop.size, thumbnail.format, figure.size) == ((200, 200), "WEBP", (400, 200))


def test_a_thumbnail_is_made_once(folder: Path, home: Path) -> None:
    client = TestClient(application(folder), base_url=BASE)
    client.get(f"/thumbnail/{FIGURE}/p1")
    kept = list(home.rglob("*.webp"))
    assert len(kept) == 1
    before = kept[0].stat().st_mtime_ns
    client.get(f"/thumbnail/{FIGURE}/p1")
    assert kept[0].stat().st_mtime_ns == before


def test_ticked_panels_are_downloaded_in_a_format_of_exports(client: TestClient) -> None:
    answer = client.post(
        "/download", data={"to": "coco", "panel": [f"{FIGURE}/p1"]}, headers={"Origin": BASE}
    )  # fmt: skip
    content = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("coco.json"))
    assert [image["figure_id"] for image in content["images"]] == [FIGURE]


@pytest.mark.parametrize(
    "path", ["/figure/nature/none/fig1", "/crop/nature/silver/fig1/p9", "/nowhere", "/static/x.css"]
)
def test_what_is_not_there_is_said_in_words(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Not found" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/image/../../../etc/passwd", "/image/..%2f..%2f..%2fetc%2fpasswd", "/static/..%2fpages.py",
        "/static/%2fetc%2fpasswd", "/thumbnail/..%2f..%2fetc", "/figure.json/..%2f..%2fledger.sqlite", "/image/%00",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_data_set(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (400, 404)


def test_no_page_may_run_what_is_not_ours(client: TestClient) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! src=)|\son\w+=|style=", answer.text)


def test_a_name_that_is_not_ours_is_refused(client: TestClient) -> None:
    for host in ("evil.example", "127.0.0.1:80.evil.example", "127.0.0.1:x", "evil.example:80", "[::1", ""):
        assert client.get("/", headers={"Host": host}).status_code == 400, host


def test_a_post_from_elsewhere_is_refused(client: TestClient) -> None:
    for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        assert client.post("/download", data={"to": "csv"}, headers=headers).status_code == 403


def test_programs_search_and_read(client: TestClient) -> None:
    found = client.get("/api/search", params={"prompt": "HAADF-STEM silver, below 50"}).json()
    assert (found["total"], found["not_understood"]) == (1, ["below 50"])
    panels = client.get("/api/panels?kind=microscopy&count=2").json()
    assert (panels["total"], len(panels["panels"])) == (3, 2)
    figure = client.get(f"/api/figures/{FIGURE}").json()
    assert [panel["label"] for panel in figure["panels"]] == ["a", "b"]
    assert dict(client.get("/api/facets").json()["journal"]) == {"Nature Communications": 4, "ACS Nano": 2}
    assert client.get("/api/panels?count=0").status_code == 422
    assert "error" in client.get("/api/figures/nature/none/fig1").json()


def test_the_interface_is_described(client: TestClient) -> None:
    assert {"/api/search", "/api/panels", "/api/figures/{id}"} <= client.get("/api/openapi.json").json()["paths"].keys()
    assert "/api/search" in client.get("/api/").text


def test_a_data_set_at_a_url_is_shown_and_its_pictures_go_through_the_server(folder: Path, s3: str) -> None:
    there = RemoteFiles(f"{s3}/silver")
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        there.upload(path, path.relative_to(folder).as_posix())
    client = TestClient(application(f"{s3}/silver"), base_url=BASE)
    assert "of 6 panels" in client.get("/").text
    assert Image.open(io.BytesIO(client.get(f"/crop/{FIGURE}/p1").content)).size == (200, 200)


def test_a_parameter_that_no_route_knows_is_named(folder: Path) -> None:
    opened, protection, templates = ServedDataset(folder), Protection([], "t"), Templates()
    routers = (
        pages(opened, templates), images(opened), downloads(opened, templates), programs(opened, templates),
        reviewing(opened, templates, protection),
    )  # fmt: skip
    routes = [(path, method) for router in routers for route in router.routes for path, method in asked(route)]
    client = TestClient(application(folder, token="t"), base_url=BASE, headers={"Authorization": "Bearer t"})
    answers = {}
    for path, method in [*routes, ("/static/grid.js", "GET")]:
        answer = client.request(method, path, params={"tecnique": "SEM"}, json={})
        is_program = path.startswith("/api/") and path != "/api/"
        answers[method, path] = (answer.status_code, "tecnique" in answer.text) == (422 if is_program else 400, True)
    assert len(answers) > 20
    assert answers == dict.fromkeys(answers, True)


def asked(route: Any) -> list[tuple[str, str]]:
    """Addresses of a route, and their methods."""
    return [(route.path.replace("{id:path}", FIGURE), method) for method in route.methods]


def test_the_nearest_parameter_is_named(client: TestClient) -> None:
    assert client.get("/api/panels?tecnique=SEM").json() == {
        "error": "there is no parameter 'tecnique': did you mean 'technique'?"
    }


@pytest.mark.parametrize("query", ["kind=graf", "kind=graph&kind=foo", "licence=foo", "doubt=foo", "sure=foo"])
def test_a_value_that_can_never_be_found_is_an_error(client: TestClient, query: str) -> None:
    value = query.rpartition("=")[2]
    for path, status in (("/", 400), ("/more", 400), ("/api/panels", 422), ("/api/facets", 422)):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == status, path
        assert f"{value}' is no " in answer.text or f"{value}&#39; is no " in answer.text


@pytest.mark.parametrize(
    "address", ["/?page=0", "/?page=-1", "/?page=x", "/?page=1e3", "/?page=99999999999", "/?page=²"]
)
def test_a_page_that_is_no_number_is_an_error(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 400


def test_a_page_behind_the_last_leads_back(client: TestClient) -> None:
    page = client.get("/?page=7&kind=microscopy").text
    assert "There is no page 7" in page
    assert 'href="/?kind=microscopy&amp;page=1"' in page


def test_a_condition_is_changed_in_place(client: TestClient) -> None:
    page = client.get("/?technique=SEM&bar_min_nm=500&scale=yes").text
    forms = re.findall(r'<details class="edit">.*?</details>', page, re.DOTALL)
    fields = [re.findall(r'name="(\w+)"(?: value="([^"]*)")?', form) for form in forms]
    assert fields[0] == [("bar_min_nm", "500"), ("scale", "yes"), ("technique", "SEM")]
    assert fields[1] == [("technique", "SEM"), ("scale", "yes"), ("bar_min_nm", "500 nm"), ("bar_max_nm", "")]
    assert fields[2] == [("technique", "SEM"), ("bar_min_nm", "500"), ("scale", "")]
    changed = client.get("/", params={"technique": "SEM", "scale": "yes", "bar_min_nm": "0.4 µm", "bar_max_nm": ""})
    assert "scale bar ≥ 400 nm" in changed.text


def test_a_query_for_more_asks_for_a_technique_once_though_it_was_a_term_of_the_query() -> None:
    panel = {"techniques": ["TEM"], "keywords": ["tem", "annealed"], "source": "nature"}
    made = query_for_more([panel], Search(), "silver")
    assert [field["term"] for field in made.query["query"].values()] == ["TEM", "annealed"]
    assert made.prompt == "TEM, annealed"


def test_a_query_for_more_asks_for_the_materials_that_the_search_asked_for() -> None:
    """Panels of silver whose keywords name it in half of the cases alone, as "Ag" or within "silver–TiO₂"."""
    panels = [
        {"keywords": words, "techniques": ["TEM"], "source": "nature"} for words in (["nanoparticle"], ["silver"])
    ]
    search = Search.of([("material", "silver"), ("material", "-carbon")])
    made = query_for_more([*panels, panels[0]], search, "silver")
    assert made.query["query"]["search_field_2"]["term"] == "silver"
    assert "carbon" not in made.yaml
    assert made.prompt.startswith("TEM, silver")
    either = query_for_more(panels, Search.of([("material", "silver|gold")]), "silver")
    asked = either.query["query"]["search_field_2"]
    assert asked["term"] == "silver"
    assert "gold" in asked["synonyms"]
    assert "silver or gold" in either.prompt


def test_chosen_panels_become_a_query_for_more_that_can_be_harvested(client: TestClient) -> None:
    form = {"to": "csv", "technique": "HAADF-STEM", "licence": "CC BY", "year_min": "2020", "panel": f"{FIGURE}/p1"}
    answer = client.post("/more", data=form, headers={"Origin": BASE})
    assert "silver (1 of 1)" in answer.text
    file = client.get(answer.url.path + ".yaml", params=answer.url.params)
    assert "more-haadf-stem-nanoparticle-silver.yaml" in file.headers["content-disposition"]
    query = parse(yaml.safe_load(file.text))
    assert query.sources == ("nature",)
    assert query.licences == ("CC BY",)
    assert str(query.published_after) == "2020-01-01"
    assert set(query.searches[0]) == {"HAADF-STEM", "nanoparticle", "silver"}
    same = client.get("/api/more", params=answer.url.params).json()
    assert client.get("/api/search", params={"prompt": same["prompt"]}).json()["total"] == 1
    assert parse(same["query"]) == query


def test_panels_that_share_nothing_make_no_query(client: TestClient) -> None:
    answer = client.get("/more")
    assert answer.status_code == 400
    assert "choose panels that are more alike" in answer.text
