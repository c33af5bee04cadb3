"""The files of a lesson that readers take along: its notebook, its script, its source."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import dirname

import nbformat

from tf2docs.pages.downloads.cells import Cell, Place, cut
from tf2docs.pages.downloads.commands import extras_in
from tf2docs.pages.downloads.notebooks import SetUp, make_notebook, make_script
from tf2docs.pages.downloads.package import Package
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.records import Record


@dataclass(frozen=True)
class Lesson:
    """A lesson in one language, and where it is on the site.

    Attributes:
        page: The page.
        name: Its path without the language, such as `start/beginner`.
        language: Its language.
        address: Its file on the site, such as `en/start/beginner/index.html`.
        home: Where its language's pages begin, such as `en/`.
    """

    page: Page
    name: str
    language: str
    address: str
    home: str

    @property
    def stem(self) -> str:
        """What its files are called."""
        return PurePosixPath(self.name).name

    @property
    def extras(self) -> tuple[str, ...]:
        """What it needs beside what all lessons do: what its `install` fence installs."""
        commands = [fence.text for fence in self.page.fences if fence.language == "install"]
        return tuple(extras_in("\n".join(commands)))

    def links(self, repository: str) -> dict[str, str]:
        """Where its files are, by kind, what most readers can use first.

        Args:
            repository: `owner/name` of the public repository with the branch `gh-pages`; may be
                empty.
        """
        links = {
            "notebook": f"{self.stem}.ipynb",
            "script": f"{self.stem}.py",
            "source": f"{self.stem}.md",
        }
        if repository:
            folder = dirname(self.address)
            colab = f"https://colab.research.google.com/github/{repository}/blob/gh-pages/{folder}/{self.stem}.ipynb"
            # Colab can't be reached from China, so there it comes last.
            links = (
                {**links, "colab": colab} if self.language == "zh" else {"colab": colab, **links}
            )
        return links

    def write(
        self,
        folder: Path,
        record: Record,
        *,
        site_url: str,
        package: Package | None,
        figures: Path,
        box_titles: dict[str, str],
        credit: str = "",
        optional: str = "{}",
    ) -> None:
        """Write the notebook, the script and the source.

        Args:
            folder: Where to write them.
            record: What the page's last full run measured.
            site_url: The site's address, to which links lead.
            package: What the site hands out, which the files say how to install.
            figures: The folder of the page's figures.
            box_titles: What boxes without a title are called, by kind.
            credit: What the notebook and the script say at their end of where the lesson comes
                from, in Markdown.
            optional: What they call an optional section, with braces for its title.
        """
        home = f"{site_url}{self.home}" if site_url else ""
        place = Place(f"{self.name}.md", home, box_titles, site_url, package, optional)
        cells = [*cut(self.page, place), *([Cell(credit)] if credit else [])]
        set_up = SetUp(package, self.address, self.language, self.extras) if package else None
        notebook = make_notebook(cells, record, set_up=set_up, figures=figures)
        nbformat.write(notebook, folder / f"{self.stem}.ipynb")
        script = make_script(cells, title=self.page.meta["title"], set_up=set_up)
        (folder / f"{self.stem}.py").write_text(script, encoding="utf-8")
        (folder / f"{self.stem}.md").write_text(self.page.text, encoding="utf-8")
