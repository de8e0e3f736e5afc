"""Run the code of the book's own pages without leaving a trace."""

import os
import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def isolated() -> Iterator[Path]:
    """An empty working directory; random state, folder and output are restored."""
    here, state = Path.cwd(), random.getstate()
    with (
        TemporaryDirectory() as folder,
        warnings.catch_warnings(),
        redirect_stdout(StringIO()),
    ):
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(here)
            random.setstate(state)
