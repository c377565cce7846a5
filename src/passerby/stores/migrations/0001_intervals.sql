-- What one interval of one table of one place shares.
CREATE TABLE intervals (
  id       INTEGER PRIMARY KEY,
  camera   TEXT NOT NULL,
  place    TEXT NOT NULL,
  revision TEXT NOT NULL,  -- of the place's drawing
  quantity TEXT NOT NULL,
  cut      TEXT NOT NULL,
  start    TEXT NOT NULL,  -- ISO 8601, UTC, e.g. 2026-05-04T08:15:00Z
  "end"    TEXT NOT NULL,
  observed REAL NOT NULL,  -- 0-1
  detector TEXT NOT NULL,
  version  TEXT NOT NULL,  -- of passerby
  UNIQUE (camera, place, quantity, cut, start)
) STRICT;

CREATE INDEX intervals_by_time ON intervals (start, "end");

-- The rows that the interval is divided into.
CREATE TABLE parts (
  interval INTEGER NOT NULL REFERENCES intervals (id) ON DELETE CASCADE,
  part     TEXT NOT NULL,     -- series, one a line, so that text sorts as lists do; empty = all
  rest     INTEGER NOT NULL,
  count    INTEGER,
  mean     REAL,
  p95      REAL,
  bands    TEXT NOT NULL,     -- JSON object: band -> minutes
  "values" TEXT NOT NULL,     -- JSON object: column -> statistics
  PRIMARY KEY (interval, part)
) STRICT, WITHOUT ROWID;
