"""Parquet files that grow run by run and appear whole, or not at all."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from etabli.bench.errors import BenchError
from etabli.physics.layout import Floats
from etabli.physics.text import Text, unwritable

ROWS_IN_GROUP = 20_000
"""Rows that are written together: some 30 MB of memory, and small tables of contents."""
METADATA_KEY = "etabli"


class ParquetError(BenchError):
    """The file cannot be written, or the library is missing."""


def _library() -> tuple[Any, Any]:
    """pyarrow: the reference writer, streams row groups, Apache-2.0, has wheels for every Python we support."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ParquetError(
            "missing_library",
            Text(
                "il manque pyarrow, qui écrit les fichiers Parquet", "pyarrow, which writes Parquet files, is missing"
            ),
            Text(
                "./etabli campaign l'installe ; ailleurs : pip install 'etabli[campaign]'",
                "./etabli campaign installs it; elsewhere: pip install 'etabli[campaign]'",
            ),
        ) from error
    return pyarrow, parquet


class ParquetFile:
    """A wide table: ``keys`` (one value a run), ``t`` (s), then one float64 column a signal. ``metadata`` is kept as
    JSON in the schema, under the key ``etabli``.

    A context manager: what was added becomes the file at a normal end; nothing stays after an exception. Raises
    :class:`ParquetError`.
    """

    def __init__(
        self, path: Path, keys: Mapping[str, type], signals: Sequence[str], metadata: Mapping[str, Any]
    ) -> None:
        self._arrow, parquet = _library()
        arrow = self._arrow
        kinds = {str: arrow.dictionary(arrow.int32(), arrow.string()), float: arrow.float64(), int: arrow.int32()}
        fields = [arrow.field(name, kinds[kind], nullable=False) for name, kind in keys.items()]
        fields += [arrow.field(name, arrow.float64(), nullable=False) for name in ("t", *signals)]
        self._keys = keys
        self._schema = arrow.schema(fields, {METADATA_KEY: json.dumps(metadata, ensure_ascii=False)})
        self._path = path
        self._waiting: list[tuple[Mapping[str, Any], Floats, Floats]] = []
        self._rows = 0
        self.rows = 0
        """Rows added so far."""
        try:
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            self._part = path.with_name(path.name + ".part")
            self._file = self._part.open("wb")
        except OSError as error:
            raise _unwritable(path, error) from error
        self._writer = parquet.ParquetWriter(self._file, self._schema, compression="zstd")

    def __enter__(self) -> ParquetFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._flush()
            self._writer.close()
            self._file.close()
            if kind is None:
                self._part.replace(self._path)
        except OSError as error:
            if kind is None:
                raise _unwritable(self._path, error) from error
        finally:
            self._file.close()
            self._part.unlink(missing_ok=True)

    def add(self, keys: Mapping[str, Any], times: Floats, data: Floats) -> None:
        """One run: ``times`` of shape (samples,), ``data`` of shape (signals, samples)."""
        self._waiting.append((keys, times, data))
        self._rows += len(times)
        self.rows += len(times)
        if self._rows >= ROWS_IN_GROUP:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        arrow, waiting = self._arrow, self._waiting
        lengths = [len(times) for _, times, _ in waiting]
        columns = [
            arrow.array(
                np.repeat(np.array([keys[name] for keys, *_ in waiting], object), lengths), kind.value_type
            ).dictionary_encode()
            if arrow.types.is_dictionary(kind := self._schema.field(name).type)
            else arrow.array(np.repeat([keys[name] for keys, *_ in waiting], lengths), kind)
            for name in self._keys
        ]
        columns.append(arrow.array(np.concatenate([times for _, times, _ in waiting])))
        signals = waiting[0][2].shape[0]
        columns += [arrow.array(np.concatenate([data[i] for *_, data in waiting])) for i in range(signals)]
        try:
            self._writer.write_table(arrow.Table.from_arrays(columns, schema=self._schema))
        except OSError as error:
            raise _unwritable(self._path, error) from error
        self._waiting, self._rows = [], 0


def _unwritable(path: Path, error: OSError) -> ParquetError:
    return ParquetError("unwritable", *unwritable(path, error))
