"""Settings of the tests: those of the product, with a database and a key that last as long as the tests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_folder = tempfile.TemporaryDirectory(prefix="etabli-tests-")
os.environ["ETABLI_DATA"] = _folder.name
os.environ["ETABLI_SECRET_KEY"] = "only-for-the-tests"
os.environ.setdefault("ETABLI_HOSTS", "testserver,localhost,127.0.0.1")
# Playwright keeps an event loop in the thread of the test, which Django takes for an async view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from etabli.web.settings import *  # noqa: E402, F403
from etabli.web.settings import DATABASES  # noqa: E402

# A file, not memory: the threads of the live server see the same database, with the same locks as in production.
DATABASES["default"]["TEST"] = {"NAME": Path(_folder.name, "test.sqlite3")}
if "timeout" in DATABASES["default"].get("OPTIONS", {}):
    DATABASES["default"]["OPTIONS"]["timeout"] = 5

# Fast to compute; never used outside the tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
