"""The package as a site offers it.

A wheel among its downloads, and the words by which pip installs it.
"""

from dataclasses import dataclass
from posixpath import dirname, relpath

from tf2docs.pages.downloads.wheel import wheel_name

FOLDER = "downloads"
"""The folder of the site that holds the wheel."""


@dataclass(frozen=True)
class Package:
    """A package that a site hands out.

    Attributes:
        project: Its name, such as `tf2docs`.
        site: The address of the site, with a slash at its end; empty where it isn't known, as for a
            site that is read from a folder.
    """

    project: str
    site: str = ""

    @property
    def wheel(self) -> str:
        """The file name of its wheel."""
        return wheel_name(self.project)

    def wheel_from(self, page: str) -> str:
        """Where the wheel is, seen from a page: both by their paths on the site.

        Examples:
            >>> Package("tf2docs").wheel_from("en/start/beginner/index.html")[:26]
            '../../../downloads/tf2docs'
        """
        return relpath(f"{FOLDER}/{self.wheel}", dirname(page) or ".")

    def required(self, extra: str = "") -> str:
        """What pip is asked for.

        The wheel by the address of the site, or as a file beside the reader.

        Args:
            extra: What else it is to bring, such as `cpu`; nothing if empty.

        Examples:
            >>> Package("tf2docs", "https://example.org/").required("cpu")[:48]
            'tf2docs[cpu] @ https://example.org/downloads/tf2'
            >>> Package("tf2docs").required("cpu").endswith(".whl[cpu]")
            True
        """
        brackets = f"[{extra}]" if extra else ""
        if self.site:
            return f"{self.project}{brackets} @ {self.site}{FOLDER}/{self.wheel}"
        return f"./{self.wheel}{brackets}"

    def without_dependencies(self, page: str) -> str:
        """The arguments with which `pip install` takes the package alone, from within a notebook.

        Where the site's address isn't known, the wheel may lie beside the notebook, or where the
        site has it; nothing else is asked, since somebody else's package may bear the name.

        Args:
            page: The path on the site of the page that the notebook stands beside.
        """
        if self.site:
            return f'--no-deps "{self.required()}"'
        folder = dirname(self.wheel_from(page))
        version = self.wheel.split("-")[1]
        places = f"--find-links . --find-links {folder}"
        return f"--no-deps --no-index {places} {self.project}=={version}"
