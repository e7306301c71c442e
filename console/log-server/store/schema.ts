/**
 * New lines lie in `head` as the requests in which they came: one insert a request, and what was acknowledged is on disk.
 * When enough of them are there, they become a block: a column for each label, a blob each, so that a query reads only the
 * labels that it names.
 */
export const schema = `
  CREATE TABLE IF NOT EXISTS streams (id INTEGER PRIMARY KEY, labels TEXT NOT NULL UNIQUE);

  -- Bodies of OTLP requests, uncompressed; is_json tells which encoding.
  CREATE TABLE IF NOT EXISTS head (
    id INTEGER PRIMARY KEY, received_us INTEGER NOT NULL, is_json INTEGER NOT NULL, body BLOB NOT NULL
  );

  CREATE TABLE IF NOT EXISTS blocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL,
    row_count INTEGER NOT NULL, line_bytes INTEGER NOT NULL,
    -- Ids of its streams, with the rows and bytes of each: [[id, rows, bytes], …].
    streams TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS blocks_by_last ON blocks (last_ns);

  -- The columns of a block: one for each label, and those whose names no label can have: "#time", "#stream", "#line".
  CREATE TABLE IF NOT EXISTS columns (
    id INTEGER PRIMARY KEY, block INTEGER NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL, UNIQUE (block, name)
  );

  -- In which blocks a trace has lines, by a hash of its id.
  CREATE TABLE IF NOT EXISTS traces (hash INTEGER NOT NULL, block INTEGER NOT NULL, PRIMARY KEY (hash, block)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS traces_by_block ON traces (block);
`
