"""Bytes <-> rows: what other systems hold, read into plain values. What can't be read is data, not an exception."""
