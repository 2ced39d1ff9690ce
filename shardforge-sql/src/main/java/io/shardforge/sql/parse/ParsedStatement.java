package io.shardforge.sql.parse;

import io.shardforge.sql.parse.proto.Node;

/**
 * One statement of a query string: its parse tree and its place in the string.
 *
 * @param node the statement's node of PostgreSQL's raw parse tree
 * @param source the whole string, which the tree's locations and error positions refer to
 * @param text this statement alone, without the semicolon
 * @param location byte offset of the statement in the string
 * @param depth an upper bound of the tree's depth
 */
public record ParsedStatement(Node node, SourceText source, String text, int location, int depth) {}
