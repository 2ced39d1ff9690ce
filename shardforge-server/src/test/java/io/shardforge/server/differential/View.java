package io.shardforge.server.differential;

/** A query with a name. */
record View(String name, Query query) {
  String definition() {
    return "create view " + name + " as " + query.sql();
  }
}
