"""Files under a URL, in memory and on an S3 server."""

import uuid

import pytest

from exsclaim.storage.remote import RemoteFiles


@pytest.fixture(params=["memory", "s3"])
def files(request: pytest.FixtureRequest) -> RemoteFiles:
    place = request.getfixturevalue("s3") if request.param == "s3" else f"memory://{uuid.uuid4().hex}"
    return RemoteFiles(f"{place}/silver")


@pytest.mark.parametrize("name", ["figures/x1.jpg", "figures/x[1]*?.jpg", "figures/x 1/ü.jpg"])
def test_a_file_is_moved_in_place_of_the_one_that_is_there_whatever_signs_its_name_has(
    files: RemoteFiles, name: str
) -> None:
    files.write(name, b"old")
    files.write(f"draft/{name}", b"new")
    files.move(f"draft/{name}", name)
    assert (files.names(), files.read(name)) == ([name], b"new")


def test_what_is_not_there_cannot_be_moved(files: RemoteFiles) -> None:
    with pytest.raises(FileNotFoundError):
        files.move("draft/x", "x")
    assert files.names() == []
