"""From a file's tables to canonical turns, one step a module; each takes the stream of tables and gives one."""
