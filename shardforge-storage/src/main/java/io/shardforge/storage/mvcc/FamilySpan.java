package io.shardforge.storage.mvcc;

import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.KeySpan;

/** A span of an engine's own keys in one family. */
public record FamilySpan(Family family, KeySpan span) {}
