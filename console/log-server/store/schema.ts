/**
 * `head` stores new lines as the requests that contain them: one insert acknowledges a request. When the head is large enough,
 * its lines become a block with one blob for each label, so that a query reads only the labels that it names.
 */
export const schema = `
  CREATE TABLE IF NOT EXISTS streams (id INTEGER PRIMARY KEY, labels TEXT NOT NULL UNIQUE);

  -- Bodies of OTLP requests, uncompressed: JSON or protobuf.
  CREATE TABLE IF NOT EXISTS head (
    id INTEGER PRIMARY KEY, received_us INTEGER NOT NULL, is_json INTEGER NOT NULL, body BLOB NOT NULL
  );

  CREATE TABLE IF NOT EXISTS blocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL,
    row_count INTEGER NOT NULL, line_bytes INTEGER NOT NULL,
    -- [[stream, rows, bytes of lines], …]
    streams TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS blocks_by_last ON blocks (last_ns);

  -- One for each label of a block, and four that are not labels: "#time", "#stream", "#line", "#hash".
  CREATE TABLE IF NOT EXISTS columns (
    id INTEGER PRIMARY KEY, block INTEGER NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL, UNIQUE (block, name)
  );

  -- The blocks in which a trace has lines, by a hash of its id.
  CREATE TABLE IF NOT EXISTS traces (hash INTEGER NOT NULL, block INTEGER NOT NULL, PRIMARY KEY (hash, block)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS traces_by_block ON traces (block);
`
