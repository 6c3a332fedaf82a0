"""The build as pyproject.toml cannot describe it: a wheel carries `flows/` and `tasks/` inside its package.

`exsclaim harvest` finds them there (`exsclaim.cli.query_commands`); an editable install runs the checkout's own.
"""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HOUSES = ("flows", "tasks")


class BuildWithFlows(build_py):
    """The package's modules, and beside them those that harvest."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for house in HOUSES:
            target = Path(self.build_lib) / "exsclaim" / "orchestration" / house
            self.mkpath(str(target))
            for file in sorted(Path(house).glob("*.py")):
                self.copy_file(str(file), str(target / file.name))


setup(cmdclass={"build_py": BuildWithFlows})
