"""The case file: what it holds, reading it with line numbers, checking, saving, tables, inputs."""
